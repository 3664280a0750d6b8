"""Names that Python shares with YAML, written once. Their meaning stands in the training data and the domain files."""
from __future__ import annotations

COMPLAINT_INTENTS = tuple(
    "complain_" + cause for cause in (
        "general quality wrong_missing delivery_delay lost_damaged delivery_service after_sales refund return_exchange attitude "
        "false_ad counterfeit price_billing auto_renew contract_prepaid network_outage account_security privacy food_safety "
        "injury_safety onsite_service travel finance app_system invoice discrimination staff_misconduct previous_handling bot"
    ).split())
DIALOGUE_INTENTS = tuple(
    "provide_facts provide_demand ask_progress urge ask_how_to_complain ask_policy ask_product ask_human ask_bot_identity affirm "
    "deny correct_facts reject_solution dissatisfied_result rate withdraw restart dont_know refuse wait evidence callback_time "
    "data_rights threat_external abuse self_harm violence_threat group_complaint vulnerable_user suggest_or_praise greet thank "
    "goodbye chitchat out_of_scope".split())
INTENTS = COMPLAINT_INTENTS + DIALOGUE_INTENTS
ENTITIES = tuple(
    "product brand model batch_no store address courier company person staff order_id tracking_no ticket_id phone email id_number "
    "bank_card time duration amount quantity people_count rating demand".split())
LEARNED_ENTITIES = ("product", "brand", "model", "batch_no", "store", "address", "courier", "company", "person", "staff")
FACTS = tuple(
    "what_happened product brand model batch_no order_id tracking_no ticket_id when where amount quantity people_count staff company "
    "courier contact_phone contact_name contact_time address evidence safety_now".split())
EMOTIONS = ("calm", "dissatisfied", "angry", "furious", "distressed")
RISK_LEVELS = {
    "danger_now": 4, "injury": 3, "hazard": 3, "food_poisoning": 3, "self_harm": 4, "violence": 4, "minor": 2, "vulnerable": 2,
    "media_legal": 3, "group": 3, "discrimination": 3, "staff_misconduct": 3, "data_leak": 3, "account_fraud": 3,
    "punitive_claim": 2, "repeat_complaint": 2, "churn": 1, "ongoing_loss": 1}
RISKS = tuple(RISK_LEVELS)
STAGES = ("greeting listening apology safety consent collecting wish confirming filed remedy agreement answering status handover "
          "survey closing fallback").split()
DEMANDS = ("修理 重作 更换 退货 补足 退款 部分退款 赔偿 惩罚性赔偿 道歉 解释 处理员工 改进 恢复服务 取消 其他").split()
