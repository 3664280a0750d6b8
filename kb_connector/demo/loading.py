"""Load the demo data; loading twice changes nothing."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kb_connector.customers import Customer, Item, Order
from kb_connector.errors import Rejected
from kb_connector.knowledge.article import Article, article_from
from kb_connector.typed_yaml import PolicyError, read_yaml

if TYPE_CHECKING:
    from kb_connector.records import Records

HERE = Path(__file__).parent


@dataclass(frozen=True)
class DemoOrder:
    """Days are counted back from the day of loading."""
    id: str
    status: str
    ordered_days_ago: int
    items: tuple[Item, ...]
    paid: str
    received_days_ago: int | None = None
    online: bool = True
    store: str = ""
    courier: str = ""
    tracking_no: str = ""


@dataclass(frozen=True)
class DemoCustomer:
    id: str
    name: str
    phone: str
    orders: tuple[DemoOrder, ...]
    tier: str = "regular"


@dataclass(frozen=True)
class DemoArticle:
    id: str
    title: str
    answer: str
    phrasings: tuple[str, ...]
    category: str
    source: str
    audience: str = "customer"


def load_demo(records: Records) -> None:
    """Add what is missing; an article that somebody edited or deleted stays as it is."""
    today = records.clock().date()
    for customer in read_yaml(HERE / "customers.yml", tuple[DemoCustomer, ...]):
        records.customers.add(Customer(customer.id, customer.name, customer.phone, customer.tier),
                              [_order(customer, order, today) for order in customer.orders])
    records.knowledge.add_missing(read_articles())


def read_articles(folder: Path = HERE / "articles") -> list[Article]:
    """Every article of the demo's YAML files, checked."""
    return [_checked(path, row) for path in sorted(folder.glob("*.yml")) for row in _rows(path)]


def _rows(path: Path) -> Sequence[DemoArticle]:
    return read_yaml(path, tuple[DemoArticle, ...])


def _checked(path: Path, row: DemoArticle) -> Article:
    try:
        return article_from({name: getattr(row, name) for name in row.__dataclass_fields__})
    except Rejected as exc:
        raise PolicyError(f"{path}: {row.id}: {exc.message}") from exc


def _order(customer: DemoCustomer, order: DemoOrder, today: date) -> Order:
    received = None if order.received_days_ago is None else str(today - timedelta(days=order.received_days_ago))
    return Order(id=order.id, customer_id=customer.id, status=order.status, items=order.items, paid=order.paid, online=order.online,
                 ordered_on=str(today - timedelta(days=order.ordered_days_ago)), received_on=received, store=order.store,
                 courier=order.courier, tracking_no=order.tracking_no)
