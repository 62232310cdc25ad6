"""Buying things."""

import pytest

PRODUCTS, CART, CHECKOUT = "GET /products", "GET /carts/{id}", "POST /carts/{id}/checkout"


@pytest.fixture
def customer(backend):
    return backend.unique("customer")


@pytest.fixture
def cart(backend, customer):
    """The address of an empty cart."""
    return backend.post("/carts", json={"customer": customer}).headers["Location"]


@pytest.fixture
def order(backend, cart):
    """An order of two products."""
    backend.post(f"{cart}/items", json={"product_id": 5, "quantity": 2})
    backend.post(f"{cart}/items", json={"product_id": 8})
    return backend.post(f"{cart}/checkout").json()


@pytest.mark.characterization(PRODUCTS)
@pytest.mark.parametrize("page", [1, 3])
def test_pages_of_products(backend, page):
    answer = backend.get("/products", params={"page": page})
    assert answer.headers["X-Total-Count"] == "36"
    assert len(answer.json()["data"]) == 12


@pytest.mark.characterization(PRODUCTS)
@pytest.mark.parametrize(
    "query", ["category=garden", "q=clock", "category=none", "category=books&q=a"]
)
def test_filters(backend, query):
    assert backend.get(f"/products?{query}&per_page=50").status_code == 200


@pytest.mark.characterization(PRODUCTS)
@pytest.mark.parametrize("sort", ["price", "-price"])
def test_sorted_by_price(backend, sort):
    rows = backend.get("/products", params={"sort": sort, "per_page": 100}).json()["data"]
    prices = [row["price"]["amount"] for row in rows]
    assert prices == sorted(prices, reverse=sort.startswith("-"))


@pytest.mark.characterization("GET /products/{id}")
def test_product(backend):
    assert backend.get("/products/13").json()["available"] is False


@pytest.mark.characterization("POST /carts", "POST /carts/{id}/items", CART)
def test_fill_a_cart(backend, cart):
    for product, quantity in ((3, 1), (4, 10), (3, 2)):
        item = {"product_id": product, "quantity": quantity}
        assert backend.post(f"{cart}/items", json=item).status_code == 201
    answer = backend.get(cart).json()
    assert answer["count"] == 13
    assert [item["product_id"] for item in answer["items"]] == [3, 4]


@pytest.mark.characterization("DELETE /carts/{id}/items/{product}", CART)
def test_take_something_out(backend, cart):
    backend.post(f"{cart}/items", json={"product_id": 3})
    backend.post(f"{cart}/items", json={"product_id": 7})
    assert backend.delete(f"{cart}/items/3").status_code == 204
    assert [item["product_id"] for item in backend.get(cart).json()["items"]] == [7]


@pytest.mark.characterization(CHECKOUT, "GET /orders/{id}")
def test_checkout(backend, cart, customer):
    backend.post(f"{cart}/items", json={"product_id": 21, "quantity": 3})
    placed = backend.post(f"{cart}/checkout")
    assert placed.status_code == 201
    assert placed.json()["customer"] == customer
    assert backend.get(placed.headers["Location"]).json()["status"] == "placed"
    assert backend.get(cart).json()["items"] == []


@pytest.mark.characterization(CHECKOUT, "GET /products/{id}")
def test_an_order_takes_from_the_stock(backend, cart):
    before = backend.get("/products/30").json()["stock"]
    backend.post(f"{cart}/items", json={"product_id": 30, "quantity": 4})
    backend.post(f"{cart}/checkout")
    assert backend.get("/products/30").json()["stock"] <= before - 4


@pytest.mark.characterization("GET /orders")
def test_orders_of_a_customer(backend, order, customer):
    answer = backend.get("/orders", params={"customer": customer}).json()
    assert answer["total"] == 1
    assert answer["data"][0]["number"] == order["number"]


@pytest.mark.characterization("GET /orders")
def test_orders_of_the_archive(backend):
    assert backend.get("/orders", params={"customer": "museum"}).json()["total"] == 8


@pytest.mark.characterization("GET /orders")
def test_the_newest_order_is_on_the_first_page(backend, order):
    rows = backend.get("/orders").json()["data"]
    assert order["number"] in [row["number"] for row in rows]


@pytest.mark.characterization("POST /orders/{id}/cancel", "GET /orders/{id}", "GET /orders")
def test_cancel(backend, order):
    assert backend.post(f"/orders/{order['id']}/cancel").json()["status"] == "cancelled"
    assert backend.get(f"/orders/{order['id']}").json()["status"] == "cancelled"


@pytest.mark.characterization("POST /orders/{id}/cancel", "GET /orders")
def test_the_other_order_stays(backend, order, cart, customer):
    backend.post(f"{cart}/items", json={"product_id": 11})
    second = backend.post(f"{cart}/checkout").json()
    backend.post(f"/orders/{second['id']}/cancel")
    rows = backend.get("/orders", params={"customer": customer}).json()["data"]
    assert [row["status"] for row in rows] == ["cancelled", "placed"]


@pytest.mark.characterization("GET /bestsellers")
def test_bestsellers(backend, order):
    rows = backend.get("/bestsellers").json()["data"]
    assert rows
    assert rows == sorted(rows, key=lambda row: (-row["sold"], row["id"]))


@pytest.mark.characterization("GET /orders/{id}/invoice")
def test_invoice(backend, order):
    answer = backend.get(f"/orders/{order['id']}/invoice")
    assert answer.headers["content-type"].startswith("text/html")
    assert order["number"] in answer.text


@pytest.mark.characterization("GET /orders.csv")
def test_export(backend, order):
    answer = backend.get("/orders.csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert order["number"] in answer.text


@pytest.mark.negative("POST /carts/{id}/items", scenario="bad quantity")
@pytest.mark.parametrize("quantity", [0, -1, 100, "two", 1.5])
def test_bad_quantity(backend, cart, quantity):
    item = {"product_id": 3, "quantity": quantity}
    assert backend.post(f"{cart}/items", json=item).status_code == 422


@pytest.mark.negative("POST /carts/{id}/items", scenario="out of stock")
def test_out_of_stock(backend, cart):
    assert backend.post(f"{cart}/items", json={"product_id": 13}).status_code == 409


@pytest.mark.negative(CHECKOUT, scenario="empty cart")
def test_checkout_of_nothing(backend, cart):
    assert backend.post(f"{cart}/checkout").status_code == 409


@pytest.mark.negative("POST /orders/{id}/cancel", scenario="delivered already")
def test_cancel_too_late(backend):
    assert backend.post("/orders/1/cancel").status_code == 409
