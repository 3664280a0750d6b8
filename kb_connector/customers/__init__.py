"""Customers and their orders, as far as the company's shop tells us."""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Engine, insert, select

from kb_connector.database import reading, writing
from kb_connector.tables import customers, orders

__all__ = ["Customer", "Customers", "Item", "Order"]


@dataclass(frozen=True)
class Customer:
    id: str
    name: str
    phone: str
    tier: str = "regular"


@dataclass(frozen=True)
class Item:
    name: str
    price: str
    brand: str = ""
    model: str = ""
    quantity: int = 1


@dataclass(frozen=True)
class Order:
    id: str
    customer_id: str
    status: str
    ordered_on: str
    received_on: str | None
    items: tuple[Item, ...]
    paid: str
    online: bool = True
    store: str = ""
    courier: str = ""
    tracking_no: str = ""


class Customers:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find_by_phone(self, phone: str) -> Customer | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(customers).where(customers.c.phone == _digits(phone))).first()
        return Customer(**row._mapping) if row else None

    def orders_of(self, phone: str) -> list[Order]:
        """The customer's orders, the latest first."""
        query = (select(orders).join(customers).where(customers.c.phone == _digits(phone))
                 .order_by(orders.c.ordered_on.desc(), orders.c.id))
        with reading(self._engine) as connection:
            return [_order(row) for row in connection.execute(query)]

    def order(self, order_id: str) -> Order | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(orders).where(orders.c.id == order_id.strip().upper())).first()
        return _order(row) if row else None

    def add(self, customer: Customer, its_orders: Iterable[Order] = ()) -> None:
        """Take in a customer with orders; what is already known stays as it is."""
        with writing(self._engine) as connection:
            if connection.execute(select(customers.c.id).where(customers.c.id == customer.id)).first() is None:
                connection.execute(insert(customers).values({**asdict(customer), "phone": _digits(customer.phone)}))
            for order in its_orders:
                if connection.execute(select(orders.c.id).where(orders.c.id == order.id)).first() is None:
                    connection.execute(insert(orders).values(_row(order)))


_COLUMNS = ("id", "customer_id", "status", "ordered_on", "received_on")


def _row(order: Order) -> dict:
    values = asdict(order)
    return {**{name: values.pop(name) for name in _COLUMNS}, "body": values}


def _order(row) -> Order:
    body = {**row.body, "items": tuple(Item(**item) for item in row.body["items"])}
    return Order(**{name: row._mapping[name] for name in _COLUMNS}, **body)


def _digits(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
