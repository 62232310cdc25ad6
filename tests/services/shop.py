"""A shop: products with stock, carts, orders with numbers that count up, invoices and an export."""

from __future__ import annotations

import math
import uuid
from decimal import Decimal
from sqlite3 import Connection
from typing import Any

from tests.services import changes as to
from tests.services.serving import (
    Fault,
    RefusedError,
    Reply,
    Request,
    Service,
    now_sql,
    page,
    table,
)

CATEGORIES = ("books", "games", "garden", "kitchen")
WORDS = ("Atlas", "Board", "Clock", "Drill", "Easel", "Flask", "Globe", "Hoe", "Iron", "Jug")
SCHEMA = """
CREATE TABLE products (id INTEGER PRIMARY KEY, sku TEXT, name TEXT, category TEXT, price TEXT,
  stock INTEGER, sold INTEGER DEFAULT 0);
CREATE TABLE carts (id TEXT PRIMARY KEY, customer TEXT, created_at TEXT, closed INTEGER DEFAULT 0);
CREATE TABLE cart_items (cart_id TEXT, product_id INTEGER, quantity INTEGER,
  PRIMARY KEY (cart_id, product_id));
CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT, customer TEXT,
  status TEXT, total TEXT, placed_at TEXT);
CREATE TABLE order_items (order_id INTEGER, product_id INTEGER, quantity INTEGER, price TEXT);
"""


def seed(db: Connection) -> None:
    for n in range(1, 37):
        name = f"{WORDS[n % 10]} {('small', 'medium', 'large')[n % 3]}"
        price = f"{3 + (n * 37) % 90}.{(n * 13) % 100:02d}"
        row = (n, f"SKU-{1000 + n}", name, CATEGORIES[n % 4], price, 0 if n == 13 else 100_000)
        sql = (
            "INSERT INTO products (id, sku, name, category, price, stock) VALUES (?, ?, ?, ?, ?, ?)"
        )
        db.execute(sql, row)
    for n in range(1, 9):
        status = ("delivered", "delivered", "shipped", "cancelled")[n % 4]
        at = f"2024-0{n}-11 09:3{n}:00"
        order = (f"SO-{n:06d}", "museum", status, f"{n * 11}.50", at)
        sql = (
            "INSERT INTO orders (number, customer, status, total, placed_at) VALUES (?, ?, ?, ?, ?)"
        )
        db.execute(sql, order)
        db.execute("INSERT INTO order_items VALUES (?, ?, 1, ?)", (n, n, f"{n * 11}.50"))


def with_request_id(request: Request | None, reply: Reply) -> None:
    reply.set("X-Request-Id", uuid.uuid4().hex)


SERVICE = Service("shop", schema=SCHEMA, seed=seed, after=with_request_id)
route = SERVICE.route


@route("GET /health")
def health(r: Request) -> Any:
    return {"status": "ok", "database": "up"}


def product(row: dict[str, Any]) -> dict[str, Any]:
    shown = {k: row[k] for k in ("id", "sku", "name", "category", "stock")}
    return shown | {"price": {"amount": float(row["price"]), "currency": "EUR"}}


@route("GET /products")
def products(r: Request) -> Reply:
    size = r.number("per_page", 12, most=100) - r.has("page-too-short")
    number = r.number("page", 1)
    where, values = ["1"], []
    if "category" in r.query and not r.has("category-ignored"):
        where.append("category = ?")
        values.append(r.query["category"])
    if "q" in r.query:
        where.append("name LIKE ?")
        values.append(f"%{r.query['q']}%")
    orders = {
        "id": "id",
        "price": "CAST(price AS REAL), id",
        "-price": "CAST(price AS REAL) DESC, id",
    }
    order = orders.get(r.query.get("sort", "id"))
    if order is None:
        raise RefusedError(400, "bad_sort", f"sort must be one of {', '.join(orders)}")
    if r.has("sort-ignored"):
        order = "id"
    total = r.value(f"SELECT count(*) FROM products WHERE {' AND '.join(where)}", *values)
    sql = f"SELECT * FROM products WHERE {' AND '.join(where)} ORDER BY {order} LIMIT ? OFFSET ?"
    rows = r.rows(sql, *values, size, (number - 1) * size)
    pages = math.ceil(total / size)
    body = {"data": [product(row) for row in rows], "page": number, "pages": pages}
    return Reply(body, headers=[("X-Total-Count", str(total))])


def known_product(r: Request, number: Any) -> dict[str, Any]:
    row = r.one("SELECT * FROM products WHERE id = ?", number)
    if row is None:
        raise RefusedError(404, "no_such_product", f"there is no product {number}")
    return row


@route("GET /products/{id}")
def one_product(r: Request) -> Any:
    row = known_product(r, r.params["id"])
    return product(row) | {"available": row["stock"] > 0}


@route("GET /bestsellers")
def bestsellers(r: Request) -> Any:
    sql = "SELECT id, name, sold FROM products WHERE sold > 0 ORDER BY sold DESC, id LIMIT 5"
    return {"as_of": now_sql(), "data": r.rows(sql)}


def cart(r: Request) -> dict[str, Any]:
    row = r.one("SELECT * FROM carts WHERE id = ?", r.params["id"])
    if row is None:
        raise RefusedError(404, "no_such_cart", "there is no such cart")
    sql = """SELECT p.id AS product_id, p.name, c.quantity, p.price FROM cart_items c
      JOIN products p ON p.id = c.product_id WHERE c.cart_id = ? ORDER BY c.rowid"""
    items = r.rows(sql, row["id"])
    for item in items:
        line = Decimal(item["price"]) * item["quantity"]
        item["price"], item["line_total"] = float(item["price"]), float(line)
    total = round(sum(item["line_total"] for item in items), 2)
    shown = {k: row[k] for k in ("id", "customer", "created_at")}
    return shown | {"items": items, "count": sum(i["quantity"] for i in items), "total": total}


@route("POST /carts")
def create_cart(r: Request) -> Reply:
    customer = r.json().get("customer")
    if not isinstance(customer, str) or not customer:
        raise RefusedError(422, "invalid", "customer is required", field="customer")
    key = str(uuid.uuid4())
    r.insert("carts", id=key, customer=customer, created_at=now_sql())
    r.params["id"] = key
    return Reply(cart(r), 201, [("Location", f"/carts/{key}")])


@route("GET /carts/{id}")
def read_cart(r: Request) -> Any:
    return cart(r)


@route("POST /carts/{id}/items")
def add_item(r: Request) -> Reply:
    data, key = r.json(), cart(r)["id"]
    row, quantity = known_product(r, data.get("product_id")), data.get("quantity", 1)
    if not isinstance(quantity, int) or not 1 <= quantity <= 99:
        raise RefusedError(422, "invalid", "quantity must be between 1 and 99", field="quantity")
    if row["stock"] < quantity:
        raise RefusedError(
            409, "out_of_stock", f"{row['name']} is out of stock", available=row["stock"]
        )
    sql = """INSERT INTO cart_items VALUES (?, ?, ?) ON CONFLICT DO UPDATE
      SET quantity = quantity + excluded.quantity"""
    r.db.execute(sql, (key, row["id"], quantity))
    return Reply(cart(r), 201)


@route("DELETE /carts/{id}/items/{product}")
def remove_item(r: Request) -> None:
    key = cart(r)["id"]
    sql = "DELETE FROM cart_items WHERE cart_id = ? AND product_id = ?"
    if not r.db.execute(sql, (key, r.params["product"])).rowcount:
        raise RefusedError(404, "not_in_cart", "the cart has no such product")


def order(r: Request, number: Any) -> dict[str, Any]:
    row = r.one("SELECT * FROM orders WHERE id = ?", number)
    if row is None:
        raise RefusedError(404, "no_such_order", f"there is no order {number}")
    sql = "SELECT product_id, quantity, price FROM order_items WHERE order_id = ?"
    return row | {"total": float(row["total"]), "items": r.rows(sql, row["id"])}


@route("POST /carts/{id}/checkout")
def checkout(r: Request) -> Reply:
    held = cart(r)
    if not held["items"]:
        raise RefusedError(409, "empty_cart", "the cart is empty")
    last = r.value("SELECT max(id) FROM orders")
    total = held["total"] + (1 if r.has("checkout-adds-one") else 0)
    number = r.insert(
        "orders",
        number=f"SO-{last + 1:06d}",
        customer=held["customer"],
        status="placed",
        total=f"{total:.2f}",
        placed_at=now_sql(),
    )
    for item in held["items"]:
        values = (number, item["product_id"], item["quantity"], item["price"])
        r.db.execute("INSERT INTO order_items VALUES (?, ?, ?, ?)", values)
        taken = 0 if r.has("stock-stays") else item["quantity"]
        sql = "UPDATE products SET stock = stock - ?, sold = sold + ? WHERE id = ?"
        r.db.execute(sql, (taken, item["quantity"], item["product_id"]))
    r.db.execute("DELETE FROM cart_items WHERE cart_id = ?", (held["id"],))
    return Reply(order(r, number), 201, [("Location", f"/orders/{number}")])


@route("GET /orders")
def orders(r: Request) -> Any:
    number = r.number("page", 1)
    where, values = "1", []
    if "customer" in r.query and not r.has("orders-of-all-customers"):
        where, values = "customer = ?", [r.query["customer"]]
    total = r.value(f"SELECT count(*) FROM orders WHERE {where}", *values)
    sql = f"SELECT * FROM orders WHERE {where} ORDER BY id DESC LIMIT 10 OFFSET ?"
    rows = [order(r, row["id"]) for row in r.rows(sql, *values, (number - 1) * 10)]
    sums = r.rows(f"SELECT total FROM orders WHERE {where}", *values)
    turnover = float(sum(Decimal(row["total"]) for row in sums))
    return {"data": rows, "total": total, "turnover": turnover}


@route("GET /orders/{id}")
def read_order(r: Request) -> Any:
    return order(r, r.params["id"])


@route("POST /orders/{id}/cancel")
def cancel(r: Request) -> Any:
    found = order(r, r.params["id"])
    if found["status"] != "placed":
        raise RefusedError(409, "too_late", f"the order is {found['status']}")
    if not r.has("cancelled-stays-placed"):
        r.db.execute("UPDATE orders SET status = 'cancelled' WHERE id = ?", (found["id"],))
    if r.has("cancel-hits-an-older-order"):
        sql = "UPDATE orders SET status = 'cancelled' WHERE customer = ?"
        r.db.execute(sql, (found["customer"],))
    for item in found["items"]:
        sql = "UPDATE products SET stock = stock + ?, sold = sold - ? WHERE id = ?"
        r.db.execute(sql, (item["quantity"], item["quantity"], item["product_id"]))
    return order(r, found["id"])


@route("GET /orders/{id}/invoice")
def invoice(r: Request) -> Reply:
    found = order(r, r.params["id"])
    lines = [
        f"<tr><td>{item['product_id']}</td><td>{item['quantity']}</td><td>{item['price']}</td></tr>"
        for item in found["items"]
    ]
    total = "0.00" if r.has("invoice-total-zero") else f"{found['total']:.2f}"
    return page(
        f"Invoice {found['number']}",
        f"<h1>Invoice {found['number']}</h1>",
        f"<p>For {found['customer']}, placed {found['placed_at']}, printed {now_sql()}</p>",
        "<table>",
        *lines,
        "</table>",
        f"<p>Total: <strong>{total} EUR</strong></p>",
    )


@route("GET /orders.csv")
def export(r: Request) -> Reply:
    rows = r.rows("SELECT number, customer, status, total, placed_at FROM orders ORDER BY id")
    if r.has("export-lost-its-last-row"):
        rows = rows[:-1]
    return table(list(rows[0]), [list(row.values()) for row in rows], "orders.csv")


LIST, ORDERS, DATA = "GET /products", "GET /orders", "/data"
CART, CHECKOUT = "GET /carts/{id}", "POST /carts/{id}/checkout"
SERVICE.has_faults(
    Fault("products-empty", LIST, DATA, "There are no products.", to.emptied(DATA)),
    Fault("products-reversed", LIST, DATA, "A page is reversed.", to.reversed_(DATA)),
    Fault("page-too-short", LIST, DATA, "A page has a row less than was asked for."),
    Fault("category-ignored", LIST, DATA, "The filter by category does nothing."),
    Fault("sort-ignored", LIST, DATA, "Sorting does nothing."),
    Fault(
        "count-zero",
        LIST,
        "/headers/x-total-count",
        "X-Total-Count is 0.",
        to.header("X-Total-Count", to.to("0")),
    ),
    Fault("stock-stays", "GET /products/{id}", "/stock", "An order takes nothing from the stock."),
    Fault(
        "bestsellers-twice",
        "GET /bestsellers",
        DATA,
        "Every product sold is there twice.",
        to.doubled(DATA),
    ),
    Fault(
        "cart-lost-an-item", CART, "/items", "The last item is missing.", to.without("/items", -1)
    ),
    Fault("cart-total-zero", CART, "/total", "The total is 0.", to.member("", "total", to.to(0.0))),
    Fault("checkout-adds-one", CHECKOUT, "/total", "One euro is added to each order."),
    Fault("orders-empty", ORDERS, DATA, "There are no orders.", to.emptied(DATA)),
    Fault("newest-order-missing", ORDERS, DATA, "The newest is missing.", to.without(DATA, 0)),
    Fault("orders-reversed", ORDERS, DATA, "Orders come oldest first.", to.reversed_(DATA)),
    Fault("orders-of-all-customers", ORDERS, DATA, "Orders of other customers are shown."),
    Fault(
        "order-ids-shifted",
        ORDERS,
        "/data/*/id",
        "Ids are off by one.",
        to.each(DATA, "id", to.plus(1)),
    ),
    Fault(
        "turnover-off",
        ORDERS,
        "/turnover",
        "The turnover is a euro off.",
        to.member("", "turnover", to.plus(1)),
    ),
    Fault(
        "cancelled-stays-placed", "POST /orders/{id}/cancel", "/status", "Cancelling does nothing."
    ),
    Fault(
        "cancel-hits-an-older-order",
        ORDERS,
        "/data/*/status",
        "The customer's other orders are cancelled too.",
    ),
    Fault("invoice-total-zero", "GET /orders/{id}/invoice", "", "An invoice's total is 0.00."),
    Fault("export-lost-its-last-row", "GET /orders.csv", "", "The last order is not exported."),
)

if __name__ == "__main__":
    SERVICE.main()
