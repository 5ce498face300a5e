#include "sim/closure/point_table.h"

#include "sim/process/assert.h"

namespace indoubt {
namespace {

constexpr std::string_view kDeliver = "deliver";
constexpr Point::What kWhats[] = {Point::What::send,   Point::What::force, Point::What::log,
                                  Point::What::decide, Point::What::vote,  Point::What::prepare};

/// The part of `text` before `end`, which is taken away with it; all of it if there is no `end`.
std::string_view take_until(std::string_view& text, std::string_view end) {
  const std::size_t at = text.find(end);
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at == text.npos ? text.size() : at + end.size());
  return part;
}

std::string effect_text(const ProtocolPoint& p) {
  if (p.what == Point::What::nothing) return std::string(kDeliver);
  std::string text(verb(p.what));
  if (!p.name.empty()) text += " " + p.name;
  if (p.sends > 1) text += " *" + std::to_string(p.sends);
  return text;
}

void read_effect(std::string_view text, ProtocolPoint& p) {
  p.what = Point::What::nothing;
  p.name.clear();
  p.sends = 1;
  const std::string_view word = take_until(text, " ");
  if (word == kDeliver) return;
  for (const Point::What w : kWhats)
    if (verb(w) == word) p.what = w;
  INDOUBT_ASSERT(p.what != Point::What::nothing);
  p.name = take_until(text, " *");
  if (!text.empty()) p.sends = std::stoi(std::string(text));
}

}  // namespace

std::string point_table(const std::vector<ProtocolPoint>& points) {
  std::string out;
  const ProtocolPoint* last = nullptr;
  for (const ProtocolPoint& p : points) {
    const bool same = last != nullptr && last->role == p.role && last->handler == p.handler;
    if (!same) out += (out.empty() ? "" : "\n") + p.role + " " + p.handler + ":";
    out += (same ? ", " : " ") + effect_text(p);
    last = &p;
  }
  return out.empty() ? out : out + "\n";
}

std::vector<ProtocolPoint> points_from_table(std::string_view table) {
  std::vector<ProtocolPoint> points;
  while (!table.empty()) {
    std::string_view line = take_until(table, "\n");
    if (line.empty()) continue;
    ProtocolPoint p;
    p.role = take_until(line, " ");
    p.handler = take_until(line, ": ");
    while (!line.empty()) {
      read_effect(take_until(line, ", "), p);
      points.push_back(p);
    }
  }
  return points;
}

}  // namespace indoubt
