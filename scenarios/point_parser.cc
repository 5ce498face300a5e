#include "scenarios/point_parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "scenarios/concat.h"
#include "scenarios/diagnostic.h"
#include "scenarios/points.h"
#include "scenarios/suggestion.h"
#include "scenarios/words.h"

namespace indoubt {
namespace {

using Problem = std::optional<TextError>;
using Names = std::vector<std::string_view>;
using Where = Point::Where;
using What = Point::What;

constexpr std::string_view kEvery = "any";
constexpr int kMostSends = 10'000;
constexpr std::array<std::string_view, 6> kBeginnings = {"before", "after",  "between",
                                                         "on",     "random", "per"};
constexpr std::array<std::string_view, 4> kOrdinalEnds = {"st", "nd", "rd", "th"};

struct Verb {
  std::string_view word;
  What what;
};
constexpr std::array<Verb, 6> kVerbs = {{{"send", What::send},
                                         {"force", What::force},
                                         {"log", What::log},
                                         {"decide", What::decide},
                                         {"vote", What::vote},
                                         {"prepare", What::prepare}}};

bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A recursive-descent parser: one function for each part of the grammar, each leaving its part in
/// `out_`, or returning what is wrong.
class Parser {
 public:
  Parser(std::string_view text, const PointNames& names)
      : text_(text), words_(text), names_(names) {}

  Parsed<Point> parse() {
    if (Problem p = leading_handler()) return *std::move(p);
    if (Problem p = place()) return *std::move(p);
    if (out_.handler.empty())
      if (Problem p = trailing_handler()) return *std::move(p);
    if (!words_.empty()) return unexpected(may_follow());
    return std::move(out_);
  }

 private:
  // ---- the handler: "on YES:" before the place, or "on YES" behind it --------------------------
  static bool ends_prefix(const Word& word) { return word.text.back() == ':'; }

  Problem leading_handler() {
    if (words_.empty()) return unexpected(std::string(kPointWanted));
    const bool preposition = words_.front().text == "on" || words_.front().text == "at";
    if (!preposition || words_.size() < 2) return std::nullopt;
    const bool glued = ends_prefix(words_[1]);
    if (!glued && (words_.size() < 3 || words_[2].text != ":")) return std::nullopt;
    words_.take();
    Word name = words_.take();
    if (glued)
      name.text.remove_suffix(1);
    else
      words_.take();
    return handler(name);
  }

  Problem trailing_handler() {
    if (!words_.take_if("on") && !words_.take_if("at")) return std::nullopt;
    if (words_.empty()) return unexpected("a handler");
    return handler(words_.take());
  }

  Problem handler(const Word& word) {
    if (!names_.handlers.empty() && !has(names_.handlers, word.text))
      return error_at(word, concat({in_quotes(word.text), " is no handler",
                                    choices(word.text, "handlers", names_.handlers)}));
    out_.handler = word.text;
    return std::nullopt;
  }

  // ---- the place -------------------------------------------------------------------------------
  Problem place() {
    if (words_.take_if("before")) return before();
    if (words_.take_if("after")) return after();
    if (words_.take_if("between")) return between();
    if (words_.take_if("on")) return delivery();
    if (words_.take_if("random")) return random_cut();
    if (words_.take_if("per")) return per_step();
    const Word word = words_.here();
    if (word.text.empty()) return unexpected(std::string(kPointWanted));
    return no_point(word);
  }

  Problem before() {
    out_.where = Where::before;
    if (words_.take_if("each")) return each_send();
    if (!words_.take_if("the")) return effect();
    if (Problem p = nth_send(out_.sends)) return p;
    if (--out_.sends > 0) out_.where = Where::after;
    return std::nullopt;
  }

  Problem after() {
    out_.where = Where::after;
    return words_.take_if("the") ? nth_send(out_.sends) : effect();
  }

  Problem each_send() {
    out_.where = Where::each_send;
    out_.what = What::send;
    if (!words_.take_if("single") || !words_.take_if("send"))
      return unexpected("`single send`, as in before each single send,");
    if (words_.take_if("of"))
      if (Problem p = message()) return p;
    return to();
  }

  Problem between() {
    out_.where = Where::after;
    int second = 0;
    if (!words_.take_if("the")) return unexpected("`the` and a place, like the 1st,");
    if (Problem p = ordinal(out_.sends)) return p;
    if (!words_.take_if("and")) return unexpected("`and`");
    words_.take_if("the");
    const Word word = words_.here();
    if (Problem p = nth_send(second)) return p;
    if (second == out_.sends + 1) return std::nullopt;
    return error_at(word,
                    concat({in_quotes(word.text), " does not follow ", std::to_string(out_.sends),
                            "; name two sends one after the "
                            "other, like between the 1st and 2nd send of COMMIT"}));
  }

  /// "2nd send of COMMIT".
  Problem nth_send(int& n) {
    out_.what = What::send;
    counted_ = true;
    if (Problem p = ordinal(n)) return p;
    if (!words_.take_if("send")) return unexpected("`send`");
    if (!words_.take_if("of")) return unexpected("`of` and a message");
    return message();
  }

  Problem ordinal(int& n) {
    const Word word = words_.here();
    std::string_view digits = word.text;
    const auto end = digits.substr(digits.size() < 2 ? 0 : digits.size() - 2);
    const bool ends =
        std::find(kOrdinalEnds.begin(), kOrdinalEnds.end(), end) != kOrdinalEnds.end();
    if (ends) digits.remove_suffix(2);
    if (!ends || digits.empty() || digits.find_first_not_of("0123456789") != digits.npos)
      return unexpected("a place, like 1st or 2nd,");
    const auto count = parse_count(digits, 1, kMostSends);
    if (!count) return shifted(count.error, word.offset);
    words_.take();
    n = static_cast<int>(*count.value);
    return std::nullopt;
  }

  Problem delivery() {
    out_.where = Where::instead_of;
    if (!words_.take_if("delivery"))
      return unexpected("`delivery of` or, after a handler, a colon");
    if (!words_.take_if("of")) return unexpected("`of` and a message");
    if (Problem p = message()) return p;
    return words_.take_if("from") ? site() : std::nullopt;
  }

  Problem random_cut() {
    out_.where = Where::random_cut;
    out_.what = What::send;
    if (!words_.take_if("cut")) return unexpected("`cut of` and a message");
    if (!words_.take_if("of")) return unexpected("`of` and a message");
    return message();
  }

  Problem per_step() {
    out_.where = Where::per_step;
    return words_.take_if("step") ? std::nullopt : Problem(unexpected("`step`"));
  }

  // ---- effects ---------------------------------------------------------------------------------
  Problem effect() {
    const Word word = words_.here();
    Names known;
    for (const Verb& v : kVerbs) {
      known.push_back(v.word);
      if (v.word == word.text) out_.what = v.what;
    }
    if (word.text.empty()) return unexpected("an effect (" + listed(known) + ")");
    if (out_.what == What::nothing)
      return error_at(word, concat({in_quotes(word.text), " is no effect",
                                    choices(word.text, "effects", known)}));
    words_.take();
    return object();
  }

  Problem object() {
    switch (out_.what) {
      case What::send: {
        if (Problem p = message()) return p;
        return to();
      }
      case What::force:
      case What::log: return name("record", names_.records, true);
      case What::decide: return one_of("outcome", {"commit", "abort"});
      case What::vote: return one_of("vote", {"YES", "NO", "READ"});
      default: return std::nullopt;
    }
  }

  Problem message() { return name("message", names_.messages, true); }

  Problem one_of(std::string_view what, Names words) {
    const std::string_view next = words_.here().text;
    if (next.empty() || next == "on" || next == "at") return std::nullopt;
    return name(what, words, false);
  }

  /// A word of `known`, or "decision" or "any" where these are allowed too.
  Problem name(std::string_view what, Names known, bool more) {
    const Word word = words_.here();
    const bool judged = !known.empty();
    if (more) known.insert(known.end(), {kEitherDecision, kEvery});
    if (word.text.empty())
      return unexpected(concat({what == "outcome" ? "an " : "a ", what}) +
                        (judged ? " (" + listed(known) + ")" : ""));
    if (judged && !has(known, word.text))
      return error_at(word, concat({in_quotes(word.text), " is no ", what,
                                    more ? " of this file's protocols" : "",
                                    choices(word.text, concat({what, "s"}), known)}));
    if (!more || word.text != kEvery) out_.name = word.text;
    words_.take();
    return std::nullopt;
  }

  Problem to() { return words_.take_if("to") ? site() : std::nullopt; }

  Problem site() {
    if (words_.empty()) return unexpected("a site");
    const Word word = words_.take();
    out_.to = word.text;
    if (names_.sites == nullptr) return std::nullopt;
    auto problem = names_.sites->problem(word.text, SiteNames::Use::fault);
    if (!problem) return std::nullopt;
    return error_at(word, *std::move(problem));
  }

  // ---- errors ----------------------------------------------------------------------------------
  TextError no_point(const Word& word) const {
    if (parse_duration(word.text))
      return error_at(word, concat({in_quotes(word.text), " is a time and no point; write `time: ",
                                    shown(word.text), "`"}));
    const bool effect = std::any_of(kVerbs.begin(), kVerbs.end(),
                                    [&](const Verb& v) { return v.word == word.text; });
    if (effect)
      return error_at(word, concat({in_quotes(word.text), " begins no point; write `before ",
                                    shown(text_), "` or `after ", shown(text_), "`"}));
    return error_at(word, concat({in_quotes(word.text), " begins no point",
                                  choices(word.text, "points begin with", kBeginnings)}));
  }

  std::string may_follow() const {
    std::string out;
    const bool sends = out_.what == What::send && !counted_;
    const bool takes_site = sends && out_.where != Where::random_cut && out_.to.empty();
    if (takes_site) out += "`to` and a site, ";
    if (out_.where == Where::each_send && out_.name.empty() && out_.to.empty())
      out = "`of` and a message, " + out;
    if (out_.where == Where::instead_of && out_.to.empty()) out += "`from` and a site, ";
    if (out_.handler.empty()) out += "`on` and a handler, ";
    return out.empty() ? "the end of the line" : out + "or the end of the line";
  }

  TextError unexpected(const std::string& wanted) const {
    const Word word = words_.here();
    if (word.text.empty()) return error_at(word, "the line ends where " + wanted + " is expected");
    return error_at(word, "found " + in_quotes(word.text) + " where " + wanted + " is expected");
  }

  std::string_view text_;
  Words words_;
  const PointNames& names_;
  Point out_;
  bool counted_ = false;  ///< the n-th send of a set, which has no receiver of its own
};

}  // namespace

Parsed<Point> parse_point(std::string_view text, const PointNames& names) {
  return Parser(text, names).parse();
}

const std::string_view kPointWanted = "a point, like before send COMMIT to payment";

const std::string_view kPointGrammar =
    "before | after   send MESSAGE [to SITE]\n"
    "before | after   force RECORD | log RECORD\n"
    "before | after   decide [commit | abort] | vote [YES | NO | READ] | prepare\n"
    "before | after   the NTH send of MESSAGE\n"
    "between the NTH and NTH send of MESSAGE\n"
    "before each single send [of MESSAGE] [to SITE]\n"
    "random cut of MESSAGE\n"
    "on delivery of MESSAGE [from SITE]\n"
    "per step\n";

std::string point_pattern() {
  const std::string name = " +[A-Za-z0-9][A-Za-z0-9_-]*";
  const std::string site = " +[a-z][a-z0-9_-]*(\\.[0-9]+)?";
  const std::string nth = " +[0-9]+(st|nd|rd|th)";
  const std::string handler = "(on|at)" + name;
  const std::string effect = concat({"(send", name, "( +to", site, ")?|(force|log)", name,
                                     "|decide( +(commit|abort))?|vote( +(YES|NO|READ))?|prepare)"});
  const std::string place = concat({"((before|after) +",
                                    effect,
                                    "|(before|after) +the",
                                    nth,
                                    " +send +of",
                                    name,
                                    "|between +the",
                                    nth,
                                    " +and( +the)?",
                                    nth,
                                    " +send +of",
                                    name,
                                    "|before +each +single +send( +of",
                                    name,
                                    ")?( +to",
                                    site,
                                    ")?|random +cut +of",
                                    name,
                                    "|on +delivery +of",
                                    name,
                                    "( +from",
                                    site,
                                    ")?|per +step)"});
  return concat({"(", handler, " *: *)?", place, "( +", handler, ")?"});
}

}  // namespace indoubt
