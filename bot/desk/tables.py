"""Tables of the desk: handovers and their audit trail, staff and their sessions, notes, canned replies, what was looked at and by whom."""
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

handovers = Table(
    "handovers", metadata,
    Column("conversation", String(200), primary_key=True),
    Column("state", String(12), nullable=False),
    Column("owner", String(6), nullable=False),                # bot | queue | human
    Column("version", Integer, nullable=False),                # the fence: grows when the conversation changes hands
    Column("revision", Integer, nullable=False),               # grows with every write: the optimistic lock
    Column("agent", String(60)),                               # account name
    Column("agent_name", String(60)),                          # as the customer reads it
    Column("previous_agent", String(60)),
    Column("joined", JSON, nullable=False, default=list),      # supervisors who may speak, too
    Column("channel", String(20), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("severity", String(2), nullable=False),
    Column("ticket", String(20)),
    Column("skill", String(60)),
    Column("instruction", Text),                               # from the agent to the bot, when handing back
    Column("requested_at", String(32)),
    Column("assigned_at", String(32)),
    Column("accepted_at", String(32)),
    Column("deadline", String(32)),                            # when the present state runs out
    Column("since", String(32), nullable=False),               # in this state, or with this agent
    Index("handovers_state", "state", "severity", "requested_at"),
    Index("handovers_agent", "agent", "state"),
    Index("handovers_deadline", "deadline"),
)

# Append-only: no code of the desk updates or deletes a row of it.
handover_log = Table(
    "handover_log", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(200), nullable=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(60), nullable=False),
    Column("event", String(20), nullable=False),
    Column("before", String(12), nullable=False),
    Column("after", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("seconds", Integer),                                # how long the conversation was in `before`
    Index("handover_log_conversation", "conversation", "id"),
    Index("handover_log_at", "at"),
)

staff = Table(
    "staff", metadata,
    Column("name", String(60), primary_key=True),
    Column("display", String(60), nullable=False),
    Column("role", String(30), nullable=False),
    Column("password", String(200), nullable=False),           # Argon2id
    Column("must_change", Boolean, nullable=False, default=True),
    Column("active", Boolean, nullable=False, default=True),
    Column("skills", JSON, nullable=False, default=list),      # department codes
    Column("capacity", Integer, nullable=False, default=5),
    Column("failed", Integer, nullable=False, default=0),
    Column("locked_until", String(32)),
    Column("totp", String(64)),                                # the second factor's secret, where the account has one
    Column("totp_step", Integer, nullable=False, default=0),   # the last code used: none works twice
    Column("work_number", String(40)),                         # 工号: customers name staff by it
    Column("subject", String(300), unique=True),               # who signs in at the company's identity provider
)

presence = Table(
    "staff_presence", metadata,
    Column("agent", String(60), primary_key=True),
    Column("seen_at", String(32), nullable=False),
    Column("available", Boolean, nullable=False, default=True),
)

staff_sessions = Table(
    "staff_sessions", metadata,
    Column("token", String(64), primary_key=True),             # SHA-256 of what the browser holds
    Column("staff", String(60), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("expires", String(32), nullable=False),
    Column("last_seen", String(32), nullable=False),
)

notes = Table(
    "notes", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(200), nullable=False, index=True),
    Column("at", String(32), nullable=False),
    Column("author", String(60), nullable=False),
    Column("display", String(60), nullable=False),
    Column("text", Text, nullable=False),
)

canned = Table(
    "canned", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("title", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Column("author", String(60), nullable=False),
)

# A staff message is sent once, however often the browser repeats it.
sent = Table(
    "staff_sent", metadata,
    Column("conversation", String(200), primary_key=True),
    Column("client_id", String(100), primary_key=True),
    Column("message", Integer),
    Column("at", Float, nullable=False),                       # when the sending began: a dead worker's claim runs out
)

wrap_ups = Table(
    "wrap_ups", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(200), nullable=False, index=True),
    Column("at", String(32), nullable=False),
    Column("agent", String(60), nullable=False, index=True),
    Column("cause", String(60), nullable=False),
    Column("lesson", Text, nullable=False),
    Column("outcome", String(60), nullable=False),
)

# A colleague was asked something about a conversation, in its notes.
consults = Table(
    "consults", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("note", Integer, nullable=False),
    Column("conversation", String(200), nullable=False, index=True),
    Column("asked_by", String(60), nullable=False),
    Column("colleague", String(60), nullable=False),
    Column("at", String(32), nullable=False),
    Column("answered_at", String(32)),
    Index("consults_open", "colleague", "answered_at"),
)

tags = Table(
    "conversation_tags", metadata,
    Column("conversation", String(200), primary_key=True),
    Column("tag", String(30), primary_key=True),
    Column("at", String(32), nullable=False),
    Column("author", String(60), nullable=False),
)

macros = Table(
    "macros", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("title", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Column("actions", JSON, nullable=False),
    Column("author", String(60), nullable=False),
)

# Append-only: who looked at what that is hidden, who was kept away from a case, and why.
audit = Table(
    "desk_audit", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String(32), nullable=False),
    Column("actor", String(60), nullable=False),
    Column("event", String(20), nullable=False),
    Column("conversation", String(200), nullable=False),
    Column("ticket", String(20)),
    Column("what", String(100), nullable=False),
    Column("note", Text, nullable=False),
    Index("desk_audit_conversation", "conversation", "id"),
    Index("desk_audit_at", "at"),
)

# The gravest conversations: everybody's page rings until somebody takes it, and the on-call person's pager is called once.
calls = Table(
    "oncall_calls", metadata,
    Column("key", String(250), primary_key=True),              # one per request for a person
    Column("conversation", String(200), nullable=False),
    Column("severity", String(2), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("ticket", String(20)),
    Column("at", String(32), nullable=False),
    Column("ring_at", Float),                                  # the next ring; None once somebody has it
    Column("attempts", Integer, nullable=False, default=0),
    Column("post_at", Float),                                  # the next call of the webhook; None once it is through
    Column("posted_at", Float),
    Index("oncall_calls_ring", "ring_at"),
    Index("oncall_calls_post", "post_at"),
)

# Signing in at the identity provider: under way between the two redirects, used once.
sign_ins = Table(
    "sign_ins", metadata,
    Column("state", String(64), primary_key=True),             # SHA-256 of what travels through the browser
    Column("browser", String(64), nullable=False),             # SHA-256 of the cookie of the browser that began
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("expires", String(32), nullable=False),
)
