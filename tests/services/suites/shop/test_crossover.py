"""A cart that was filled on one side is bought on the other."""

import pytest


@pytest.mark.crossover("POST /carts", "POST /carts/{id}/checkout")
def test_a_cart_moves_over(baseline, candidate):
    made = baseline.post("/carts", json={"customer": baseline.unique("customer")})
    cart = made.headers["Location"]
    baseline.post(f"{cart}/items", json={"product_id": 9, "quantity": 2})
    placed = candidate.post(f"{cart}/checkout")
    assert placed.status_code == 201
    assert baseline.get(placed.headers["Location"]).json() == placed.json()
