import { h } from "../dom.js";
import { actorName } from "../people.js";
import { STATES } from "../state.js";
import { moment } from "../when.js";

const WHAT = { request: "请求人工", enqueue: "进入排队", assign: "分配", take: "接待", take_over: "接管", join: "主管加入", transfer: "转交同事", requeue: "转到技能组",
  release: "坐席离线，回到排队", wrap_up: "开始小结", resume: "继续对话", return: "交还机器人", close: "结束", time_out: "等待超时", no_agent: "无人在岗", off_hours: "非工作时间",
  abandon: "客户离开" };

export const history = {
  id: "history", title: "交接记录", folded: true,
  render: ({ history }) => history.length ? h("ol.trail", {}, history.map((row) => h("li", {},
    h("time", { datetime: row.at }, moment(row.at)), h("span", {}, `${WHAT[row.event] || row.event}（${STATES[row.after] || row.after}）`),
    h("small.muted", {}, actorName(row.actor))))) : null,
};
