// Every word of the page in Chinese and English, and the names of the API's values in both.
// It must not know where a word is shown.

let english = false;

export function speak(language: string | undefined): void {
  english = language === "en";
  document.documentElement.lang = english ? "en" : "zh-CN";
}

export const language = (): "EN" | "ZH" => (english ? "EN" : "ZH");

const WORDS = {
  title: ["信用图谱", "creditgraph"],
  lead: ["谁被这项处罚波及,经由哪条路径,依据哪一条文,在哪一天——谁又没有?", "Who is reached by this penalty, through which path, under which article, on which day, and who is not?"],
  search: ["查找", "Search"],
  searchHint: ["名称、统一社会信用代码、旧注册号或文书号", "Name, credit code, old number or document number"],
  suggestions: ["建议", "Suggestions"],
  noResult: ["没有找到", "Nothing found for"],
  noResultHint: ["只查已有数据中可向您显示的部分;请换一个名称的片段、代码或文书号。", "Only what this data holds and your role may see is searched; try part of a name, a code or a document number."],
  bids: ["投标核查", "Bid check"],
  links: ["找关系", "Find links"],
  departments: ["部门", "Departments"],
  lists: ["名单", "Lists"],
  groups: ["重点人群", "Key groups"],
  signIn: ["登录", "Sign in"],
  signOut: ["退出", "Sign out"],
  token: ["令牌", "Token"],
  tokenHint: ["启动时打印的令牌;只保存在本标签页。", "A token as printed at the start; kept in this tab only."],
  close: ["关闭", "Close"],
  role: ["身份", "Role"],
  asOf: ["法律日期", "As of"],
  today: ["今天", "Today"],
  loading: ["正在查询…", "Asking…"],
  cancel: ["取消", "Cancel"],
  cancelled: ["已取消。", "Cancelled."],
  again: ["再试一次", "Try again"],
  tooSlow: ["查询用时过长,未得到答复。", "The question took too long; there is no answer."],
  unreachable: ["无法连接服务器。请检查网络,或稍后再试。图中已有的内容仍然保留。", "The server cannot be reached. Check the network or try again. What is drawn stays."],
  expired: ["登录已失效(令牌过期或无效)。请退出或重新登录。", "The sign-in is no longer valid (token expired or refused). Sign out or sign in again."],
  notFound: ["没有这一对象,或者它不对您公开。", "There is no such thing, or it is not yours to see."],
  merged: ["此编号已合并,现显示合并后的主体。旧编号:", "This id was merged; the surviving subject is shown. Asked for:"],
  cut: ["列表已达上限,未全部显示:", "A list was cut at its limit:"],
  partial: ["部分内容未能取得:", "A part could not be answered:"],
  picture: ["关系图", "Picture"],
  ownership: ["股权穿透", "Ownership"],
  check: ["信用核查", "Credit check"],
  whatIf: ["如果…", "What if…"],
  identifiers: ["标识", "Identifiers"],
  masked: ["已遮盖", "masked"],
  status: ["状态", "Status"],
  region: ["地区", "Region"],
  address: ["住所", "Address"],
  capital: ["注册资本", "Registered capital"],
  yuan: ["元", "yuan"],
  formerNames: ["曾用名", "Former names"],
  keyGroups: ["重点人群", "Key groups"],
  withheld: ["不公开的内容", "Not shown to this role"],
  relations: ["关系", "Relations"],
  records: ["信用记录", "Records"],
  record: ["记录", "Record"],
  posts: ["任职", "Posts"],
  post: ["职务", "Post"],
  shareholders: ["股东", "Shareholders"],
  investments: ["对外投资", "Investments"],
  branches: ["分支机构", "Branches"],
  timeline: ["时间线", "Timeline"],
  possiblySame: ["可能为同一主体(待核实,不作传导)", "Possibly the same (unverified, nothing passes by it)"],
  measures: ["现行措施", "Measures in force"],
  potential: ["待认定(不是措施)", "Potential (not a measure)"],
  considered: ["为什么不", "Why not"],
  consideredHint: ["已考虑而不适用的规则,各有一个未满足的条件", "Rules considered that do not apply, each with the one condition that failed"],
  why: ["为什么", "Why"],
  none: ["无", "None"],
  hiddenHere: ["不对此身份显示", "Not shown to this role"],
  nothingFound: ["未发现", "Nothing found"],
  inconclusive: ["核查不完整,不能作为“没有问题”的结论", "The check is not complete: not conclusive, never “clean”"],
  name: ["名称", "Name"],
  kind: ["类别", "Kind"],
  document: ["文书号", "Document number"],
  decided: ["作出日期", "Decided"],
  state: ["效力", "State"],
  published: ["公示期", "Publication"],
  notPublished: ["不公示", "Not published"],
  until: ["至", "until"],
  to: ["到", "to"],
  open: ["未定", "open"],
  from: ["起", "from"],
  share: ["持股比例", "Share"],
  period: ["期间", "Period"],
  matched: ["匹配", "Matched"],
  more: ["再显示", "Show more"],
  of: ["共", "of"],
  another: ["另有", "Another"],
  someMore: ["个…", "more…"],
  department: ["决定部门", "Department"],
  about: ["当事人", "About"],
  basis: ["依据", "Basis"],
  content: ["内容", "Content"],
  responsible: ["责任人员", "Persons responsible"],
  reach: ["波及", "Reach"],
  entries: ["名单条目", "Entries"],
  members: ["成员", "Members"],
  issued: ["作出的记录", "Records issued"],
  owner: ["管理部门", "Owner"],
  source: ["来源", "Source"],
  rule: ["规则", "Rule"],
  version: ["版本", "version"],
  cause: ["起因", "Cause"],
  forever: ["终身", "for life"],
  event: ["至事件发生", "until an event"],
  expand: ["展开", "Expand"],
  expanded: ["已展开", "Expanded:"],
  notShown: ["未显示", "not shown"],
  openPage: ["打开", "Open"],
  hide: ["隐藏", "Hide"],
  hideOthers: ["只留所选", "Hide others"],
  hidden: ["个已隐藏,显示", "hidden, show"],
  pin: ["固定", "Pin"],
  undo: ["撤销", "Undo"],
  redo: ["重做", "Redo"],
  fit: ["适合窗口", "Fit"],
  zoomIn: ["放大", "Zoom in"],
  zoomOut: ["缩小", "Zoom out"],
  asTable: ["表格", "Table"],
  asPicture: ["图形", "Drawing"],
  keys: ["按键", "Keys"],
  tools: ["图形工具", "Tools of the picture"],
  move: ["移到相邻的对象", "To the next thing"],
  keysHint: ["焦点在图中时有效;每一键都有对应的按钮。", "While the picture has the focus; there is a button for each."],
  chooseFirst: ["请先在图中选择一个对象。", "Choose a thing of the picture first."],
  noStep: ["没有可撤销或重做的步骤。", "There is no such step."],
  noDay: ["没有更多有变化的日期。", "No further day on which something changed."],
  earlier: ["前一日期", "Earlier day"],
  later: ["后一日期", "Later day"],
  markEnd: ["标为一端", "Mark as an end"],
  marked: ["已标记", "marked"],
  notRepeated: ["链接中的部分展开已不能重现,请重新展开。", "Some expansions of the link cannot be repeated; expand again."],
  openAgain: ["文件不在链接里,请重新打开。", "The file is not in the link: open it again."],
  addChosen: ["加入图中", "Add to the picture"],
  inPicture: ["选择", "Choose"],
  limitPill: ["图中至多 300 个", "300 at most"],
  skip: ["跳到内容", "To the content"],
  minShare: ["最低持股比例(%)", "Least share (%)"],
  relationKinds: ["只循这些关系(不选则全部)", "Only these relations (none chosen: all)"],
  download: ["下载", "Download"],
  print: ["打印", "Print"],
  limit: ["图中最多 300 个;请隐藏一些再展开。", "The picture holds 300 at most; hide some, then expand."],
  truncated: ["没有全部显示", "Not all is shown"],
  atLeast: ["至少", "at least"],
  lines: ["关系线", "Lines"],
  nodes: ["对象", "Things"],
  step: ["第", "Step"],
  failing: ["未满足", "failed"],
  compare: ["与此日比较", "Compare with"],
  began: ["新增", "began"],
  ended: ["结束", "ended"],
  same: ["不变", "same"],
  ticks: ["有变化的日期", "Days on which something changed"],
  suppose: ["假设", "Suppose"],
  endPost: ["结束任职/持股", "End a post or holding"],
  repairRecord: ["修复记录", "Repair a record"],
  onDay: ["日期", "On"],
  askIt: ["查看结果", "See what follows"],
  appeared: ["将出现", "Would appear"],
  vanished: ["将消失", "Would vanish"],
  whatIfNote: ["仅为假设,不写入数据。", "A supposition only; nothing is stored."],
  pasteBidders: ["粘贴至多 50 个名称或代码,每行一个", "Paste up to 50 names or codes, one a line"],
  tooMany: ["最多 50 个,现有", "At most 50; there are"],
  twoAtLeast: ["请至少填写两个,每行一个。", "Give at least two, one a line."],
  unresolved: ["未找到", "Not found"],
  ambiguous: ["有多个,请改用代码:", "Several hold this name; use a code:"],
  compareBidders: ["核查", "Check"],
  together: ["互有关联的投标人", "Bidders that belong together"],
  offence: ["违法期间", "Offence"],
  fine: ["罚款", "fine"],
  confiscated: ["没收", "confiscated"],
  notCompared: ["未能完成核查,不能作为“没有关联”的结论。", "Not compared: not conclusive, never “unrelated”."],
  sameSubject: ["同一主体", "One and the same"],
  bidder: ["投标人", "Bidders"],
  morePaths: ["查找更多路径", "Look for more paths"],
  compareCut: ["两日各只读取前 30 项关系:未标出的不等于没有变化。", "Of each day the first 30 relations are read: what is not marked may have changed."],
  through: ["穿透", "in all"],
  noneTogether: ["在此数据中未发现关联;这不等于没有关联。", "No relation is found in this data; that is not “unrelated”."],
  parties: ["2 至 10 个主体,每行一个名称或代码", "2 to 10 parties, a name or code a line"],
  nextPath: ["下一条路径", "Next path"],
  path: ["路径", "Path"],
  noPath: ["在此数据中未找到路径;这不等于没有关系。", "Not found in this data; that is not “unrelated”."],
  notServed: ["此服务器尚未提供这一查询。", "This server does not offer this question yet."],
  direct: ["直接", "direct"],
  integrated: ["穿透", "integrated"],
  controllers: ["实际控制人", "Controllers"],
  ultimate: ["最终", "ultimate"],
  beneficial: ["受益所有人", "Beneficial owners"],
  voting: ["表决权", "voting"],
  unknownOwner: ["不能确定:可能有未知的所有人", "Not conclusive: an owner may be unknown"],
  openJson: ["打开 JSON", "Open JSON"],
  badFile: ["这不是本页导出的 JSON。", "This is not a JSON file exported here."],
  footer: ["来源:信用图谱", "Source: creditgraph"],
  footerFile: ["来自文件,未与信用图谱核对", "From a file, not checked against creditgraph"],
  certainty: ["确定程度", "Certainty"],
  measure: ["措施", "Measure"],
  party: ["主体", "Party"],
} satisfies Record<string, [string, string]>;

export type Word = keyof typeof WORDS;

export function t(word: Word): string {
  return WORDS[word][english ? 1 : 0];
}

const paired = (pairs: string): Record<string, string> =>
  Object.fromEntries(pairs.split(/[|\n]/).map((pair) => pair.split(" ") as [string, string]));

const VALUES = paired(
  `ENTERPRISE 企业|Enterprise 企业|PERSON 自然人|Person 自然人|PUBLIC_INSTITUTION 事业单位|PublicInstitution 事业单位|SOCIAL_ORGANIZATION 社会组织|SocialOrganization 社会组织|GOVERNMENT_BODY 机关|GovernmentBody 机关|OTHER_ORGANIZATION 其他组织|OtherOrganization 其他组织|CreditList 名单|KeyGroup 重点人群|Region 地区|Qualification 资格|Post 任职|Holding 持股
PENALTY 行政处罚|Penalty 行政处罚|PERMIT 行政许可|Permit 行政许可|LIST_ENTRY 名单列入|ListEntry 名单列入|CONSUMPTION_RESTRICTION 限制消费令|ConsumptionRestriction 限制消费令|EXIT_RESTRICTION 限制出境|ExitRestriction 限制出境|ENFORCEMENT 被执行|Enforcement 被执行|TAX_ARREARS 欠税|TaxArrears 欠税|BANKRUPTCY 破产清算|Bankruptcy 破产清算|GRADE 信用等级|GradeAssignment 信用等级|AWARD 表彰奖励|Award 表彰奖励|INSPECTION 监督检查|Inspection 监督检查|COMMITMENT 信用承诺|Commitment 信用承诺|COURT_CASE 诉讼案件|CourtCase 诉讼案件|CRIMINAL_CONVICTION 刑事判决|CriminalConviction 刑事判决|DISCIPLINE 处分|Discipline 处分|MARKET_BAN 市场禁入|MarketBan 市场禁入|ACCIDENT 事故|Accident 事故|CONTRACT 合同履行|Contract 合同履行|TRAINING 培训|Training 培训
ACTIVE 有效|REVOKED 撤销|SET_ASIDE 被判决撤销|LIFTED 解除|REPAIRED 已修复|SUSPENDED 停止执行|EXPIRED 公示期满|LICENCE_REVOKED 吊销营业执照|CLOSED_BY_ORDER 责令关闭|IN_LIQUIDATION 清算中|BANKRUPT 破产|DEREGISTERED 注销|MOVED_OUT 迁出|DECEASED 死亡|UNKNOWN 不明
EX_LEGE 依法当然|NAMED 决定点名|FOUND 已有认定|POTENTIAL 待认定|VERIFIED 已核对条文|SECONDARY 二手来源|UNVERIFIED 未核实|NOTHING_FOUND 未发现|RESTRICTED 受限制|PROHIBITED 被禁止|NEEDS_FINDING 待认定|PROHIBITS 禁止|RESTRICTS 限制|OBLIGES 责令|INFORMS 提示
LEGAL_REPRESENTATIVE 法定代表人|LEGAL_REPRESENTATIVE_OF 法定代表人|PRINCIPAL 主要负责人|PRINCIPAL_OF 主要负责人|SERVES_AS 任职|HOLDS 持股|CONTROLS 控制|ACTS_IN_CONCERT_WITH 一致行动|BRANCH_OF 分支机构|GUARANTEES 担保|EMPLOYED_BY 受雇|PRACTISES_AT 执业|MEMBER_OF 成员|HAS_QUALIFICATION 资格|PROJECT_MANAGER_OF 项目经理|BIDS_ON 投标|WON 中标|BUILDS 承建|ABOUT 当事人|ISSUED_BY 作出|RESPONSIBLE_FOR 责任人员|ON_LIST 列入名单|LOCATED_IN 位于|PART_OF 属于|POSSIBLY_SAME_AS 可能同一|SAME_AS 同一
DIRECTOR 董事|SUPERVISOR 监事|MANAGER 经理|SENIOR_MANAGER 高级管理人员|FINANCE_CHIEF 财务负责人|CONTROLLER 实际控制人|PROJECT_MANAGER 项目经理|EMPLOYEE 员工|PRACTITIONER 执业人员|SPONSOR 举办者|COUNCIL_MEMBER 理事|SCHOOL_HEAD 校长|FOOD_SAFETY_MANAGER 食品安全管理人员|INVESTOR 投资人|PARTNER 合伙人
IDENTIFIER 标识|EXACT_NAME 名称相同|FORMER_NAME 曾用名|NAME_PREFIX 名称开头|NAME_PHRASE 名称含有|DOCUMENT_NUMBER 文书号
ROLE_NOT_IN_RULE 职务不在规则之列|ROLE_NOT_AT_ANCHOR 相关时点不在任|NO_FINDING 没有责任认定|NOT_NAMED 未在决定中点名|OTHER_SUBJECT_KIND 主体类别不符|SECTOR_OR_LICENCE 领域或证照不符|CONDITION_NOT_RECORDED 条件未见记录|TERM_ENDED 期限已满|NOT_YET_IN_FORCE 尚未生效|VERSION_ENDED 规则版本已失效|RELEASED 本人已解除限制|MUST_NOT 法律禁止传导
LEGAL_REPRESENTATIVE_AT_OFFENCE 违法时的法定代表人|PERSON_IN_CHARGE 主要负责人|DIRECTLY_RESPONSIBLE_SUPERVISOR 直接负责的主管人员|OTHER_DIRECTLY_RESPONSIBLE 其他直接责任人员|OTHER_RESPONSIBLE 其他责任人员|OFFENDER 违法行为人|FINDING_PERSONAL_RESPONSIBILITY 认定负有个人责任|ACTUAL_CONTROLLER_FOUND 认定为实际控制人|INFLUENCES_PERFORMANCE 影响债务履行的直接责任人员|KEY_POST 关键岗位人员|LEAD_COMPILER 编制主持人|MAIN_COMPILER 主要编制人员|FINANCE_RESPONSIBLE 财务负责人员|INTERMEDIARY 中介机构人员
USCC 统一社会信用代码|REGISTRATION_NUMBER 注册号|ORGANISATION_CODE 组织机构代码|TAX_NUMBER 税号|INSTITUTION_CERTIFICATE 事业单位证书号|SOCIAL_CERTIFICATE 社会组织证书号|RESIDENT_ID 身份证|PASSPORT 护照|HK_MACAO_PERMIT 港澳通行证|TAIWAN_PERMIT 台胞证|FOREIGN_RESIDENT_ID 外国人居留证|WORLD 示范编号|OTHER 其他
NAME 名称变更|STATUS 登记状态变更|ADDRESS 住所变更|CAPITAL 注册资本变更|REGION 地区变更|POST_BEGAN 任职开始|POST_ENDED 任职结束|HOLDING_BEGAN 持股开始|HOLDING_ENDED 持股结束|RECORD_DECIDED 作出决定|RECORD_ENDED 记录失效|LISTED 列入名单|DELISTED 移出名单|PUBLISHED 开始公示|UNPUBLISHED 停止公示|CORRECTED 更正|MERGED 合并|SPLIT 拆分
RED 红名单|BLACK 黑名单|WATCH 关注名单|PUBLIC 公众|GOVERNMENT 政府部门|PROFESSIONAL 专业用户|SUBJECT 信息主体|OPERATOR 信用中心|AUDITOR 审计
NODE_LIMIT 对象过多|EDGE_LIMIT 关系过多|DEPTH_LIMIT 层数已达上限|LEVEL_LIMIT 每层已达上限|PATH_LIMIT 路径过多|HUB 关系极多的主体|TIME_LIMIT 用时已达上限|SIZE_LIMIT 内容过大
EQUITY 股权|VOTES 表决权|AGREEMENT 协议|CONCERT 一致行动|INCOME 收益权|CONTROL 实际控制|DAILY_MANAGEMENT 负责日常经营管理的人员|DECLARED 登记的实际控制人|POST 任职`,
);

// A revoked licence is a state of a firm, and a sort of penalty with another word.
const PENALTIES = paired(
  `WARNING 警告|CRITICISM 通报批评|FINE 罚款|CONFISCATION 没收|LICENCE_SUSPENDED 暂扣许可证件|QUALIFICATION_DOWNGRADED 降低资质等级|LICENCE_REVOKED 吊销许可证件|LICENCE_WITHDRAWN 撤销许可|OPERATION_RESTRICTED 限制开展生产经营活动|BUSINESS_SUSPENDED 责令停产停业|CLOSURE_ORDERED 责令关闭|BANNED 取缔|OCCUPATION_BANNED 限制从业|PRACTICE_SUSPENDED 停止执业|CERTIFICATE_REVOKED 吊销执业证书|REGISTRATION_CHANGE_ORDERED 责令变更登记|DETENTION 行政拘留|OTHER 其他`,
);

/** A value of the API in the reader's language; one that is unknown is shown as it came. */
export function v(value: string | null | undefined): string {
  if (!value) return "";
  if (!english) return VALUES[value] ?? value;
  return /^[A-Z_]+$/.test(value) ? value.toLowerCase().replaceAll("_", " ") : value.replace(/(?<=[a-z])(?=[A-Z])/g, " ");
}

export function penalty(type: string): string {
  return english ? v(type) : (PENALTIES[type] ?? type);
}

/** The state of a subject or a record. A suspended firm has stopped trading; a suspended decision is stayed. */
export function stateOf({ status, state }: { status?: string | null; state?: string }): string {
  if (!english && status === "ACTIVE") return "存续";
  return !english && status === "SUSPENDED" ? "停业" : v(status ?? state);
}

export function span(period: { from: string | null; until: string | null } | null | undefined): string {
  if (!period) return "";
  return `${period.from ?? "?"} – ${period.until ?? t("open")}`;
}

/** 5000000.50 → 500.00005 万: shortened for reading, the exact number stays in the title. */
export function money(amount: string): string {
  const value = Number(amount);
  if (english) return `${value.toLocaleString("en")} ${t("yuan")}`;
  if (value >= 1e8) return `${Number((value / 1e8).toFixed(4))} 亿元`;
  return value >= 1e4 ? `${Number((value / 1e4).toFixed(4))} 万元` : `${amount} 元`;
}

export const percent = (share: string | null | undefined): string => (share ? `${share} %` : "");

/** «另有 213 个…» */
export function others(count: number | null, atLeast = false): string {
  const many = count === null ? "" : `${atLeast ? `${t("atLeast")} ` : ""}${count} `;
  return `${t("another")} ${many}${t("someMore")}`;
}

export const kindsOf = (kinds: string): string => (kinds ? kinds.split("-").map(v).join(" / ") : t("relations"));
