#include "analysis/chain/world.h"

#include <algorithm>
#include <cstring>

#include "sim/process/assert.h"

namespace indoubt::markov {
namespace {

class Writer {
 public:
  template <class T>
  void put(const T& value) {
    key_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put_size(std::size_t n) {
    INDOUBT_ASSERT(n < 256);
    put(static_cast<std::uint8_t>(n));
  }
  std::string take() { return std::move(key_); }

 private:
  std::string key_;
};

class Reader {
 public:
  explicit Reader(const std::string& key) : key_(key) {}
  template <class T>
  void get(T& value) {
    std::memcpy(&value, key_.data() + at_, sizeof value);
    at_ += sizeof value;
  }
  std::size_t size() {
    std::uint8_t n = 0;
    get(n);
    return n;
  }

 private:
  const std::string& key_;
  std::size_t at_ = 0;
};

std::uint16_t bits_of(const ProcessState& p) {
  return static_cast<std::uint16_t>(p.anew | p.learnt << 1 | p.working << 2 | p.in_doubt << 3 |
                                    p.reversed << 4 | static_cast<int>(p.voted) << 5 |
                                    static_cast<int>(p.decided) << 7 | p.alone << 9);
}

void set_bits(ProcessState& p, std::uint16_t bits) {
  p.anew = (bits & 1) != 0;
  p.learnt = (bits & 2) != 0;
  p.working = (bits & 4) != 0;
  p.in_doubt = (bits & 8) != 0;
  p.reversed = (bits & 16) != 0;
  p.voted = static_cast<Voted>(bits >> 5 & 3);
  p.decided = static_cast<Outcome>(bits >> 7 & 3);
  p.alone = (bits >> 9 & 1) != 0;
}

void write(Writer& out, const ProcessState& p) {
  for (const std::uint64_t word : p.state) out.put(word);
  out.put(bits_of(p));
  out.put(p.doubts);
  out.put(p.overdue);
  out.put(p.awaited);
  out.put(p.durable);
  out.put(p.waits);
  out.put(p.floating);
  out.put_size(p.held.size());
  for (const Held& h : p.held) {
    out.put(h.head);
    out.put(h.word);
  }
}

void read(Reader& in, ProcessState& p) {
  for (std::uint64_t& word : p.state) in.get(word);
  std::uint16_t bits = 0;
  in.get(bits);
  set_bits(p, bits);
  in.get(p.doubts);
  in.get(p.overdue);
  in.get(p.awaited);
  in.get(p.durable);
  in.get(p.waits);
  in.get(p.floating);
  p.held.resize(in.size());
  for (Held& h : p.held) {
    in.get(h.head);
    in.get(h.word);
  }
}

void write(Writer& out, const SiteState& s) {
  out.put(s.up);
  out.put(s.holds_messages);
  out.put(s.held_down);
  out.put_size(s.open.size());
  for (const OpenRecord& r : s.open) {
    out.put(r.process);
    out.put(r.record);
  }
}

void read(Reader& in, SiteState& s) {
  in.get(s.up);
  in.get(s.holds_messages);
  in.get(s.held_down);
  s.open.resize(in.size());
  for (OpenRecord& r : s.open) {
    in.get(r.process);
    in.get(r.record);
  }
}

void write(Writer& out, const Item& i) {
  out.put(i.kind);
  out.put(i.tag);
  out.put(i.from);
  out.put(i.to);
  out.put(i.stages);
  out.put(i.rate);
  out.put(i.at);
  out.put(i.word);
}

void read(Reader& in, Item& i) {
  in.get(i.kind);
  in.get(i.tag);
  in.get(i.from);
  in.get(i.to);
  in.get(i.stages);
  in.get(i.rate);
  in.get(i.at);
  in.get(i.word);
}

/// Whether `a`, begun later, comes after fixed item `b`.
bool comes_after(const Item& a, const Item& b) {
  if (b.stages != 0) return false;
  if (a.at != b.at) return a.at > b.at;
  return (a.kind == Item::Kind::timer) >= (b.kind == Item::Kind::timer);
}

}  // namespace

void World::add(const Item& item) {
  auto at = items.begin();
  if (item.stages == 0) {
    while (at != items.end() && comes_after(item, *at)) ++at;
  } else {
    while (at != items.end() && (at->stages == 0 || *at < item)) ++at;
  }
  items.insert(at, item);
}

bool World::anyone_in_doubt() const {
  return std::any_of(processes.begin(), processes.end(),
                     [](const ProcessState& p) { return p.in_doubt; });
}

bool World::reports_crashes() const {
  const auto is_failure = [](const Held& h) {
    return Input::from_words(h.head, h.word).kind() == Input::Kind::failure;
  };
  return std::any_of(items.begin(), items.end(),
                     [](const Item& i) { return i.kind == Item::Kind::report; }) ||
         std::any_of(processes.begin(), processes.end(), [&](const ProcessState& p) {
           return p.awaited != 0 || std::any_of(p.held.begin(), p.held.end(), is_failure);
         });
}

bool World::over() const {
  // A decision without the protocol is waited for only by who is in doubt.
  const bool awaits_verdict = anyone_in_doubt();
  return std::all_of(items.begin(), items.end(),
                     [&](const Item& i) {
                       return i.is_circumstance() ||
                              (i.kind == Item::Kind::verdict && !awaits_verdict);
                     }) &&
         std::all_of(processes.begin(), processes.end(),
                     [](const ProcessState& p) { return p.floating == 0; });
}

bool World::fits_key() const {
  constexpr std::size_t kMost = 255;
  const auto few = [](const auto& list) { return list.size() <= kMost; };
  return few(items) && few(met) &&
         std::all_of(processes.begin(), processes.end(),
                     [&](const ProcessState& p) { return few(p.held); }) &&
         std::all_of(sites.begin(), sites.end(), [&](const SiteState& s) { return few(s.open); });
}

std::string World::key() const {
  Writer out;
  for (const ProcessState& p : processes) write(out, p);
  for (const SiteState& s : sites) write(out, s);
  out.put_size(items.size());
  for (const Item& i : items) write(out, i);
  out.put_size(seen.size());
  for (const std::uint8_t n : seen) out.put(n);
  for (const std::uint8_t n : active) out.put(n);
  for (const std::uint8_t n : struck) out.put(n);
  for (const Window w : windows) out.put(w);
  out.put_size(met.size());
  for (const Met& m : met) {
    out.put(m.rule);
    out.put(m.from);
    out.put(m.to);
    out.put(m.messages);
  }
  out.put(clock);
  out.put(recorded);
  out.put(cause);
  out.put(violated);
  out.put(first);
  out.put(static_cast<std::uint8_t>(lost | fired << 1 | crashed << 2 | inquired << 3));
  return out.take();
}

World World::from_key(const std::string& key, std::size_t processes, std::size_t words) {
  Reader in(key);
  World w;
  w.processes.resize(processes);
  w.sites.resize(processes);
  for (ProcessState& p : w.processes) {
    p.state.resize(words);
    read(in, p);
  }
  for (SiteState& s : w.sites) read(in, s);
  w.items.resize(in.size());
  for (Item& i : w.items) read(in, i);
  w.seen.resize(in.size());
  w.active.resize(w.seen.size());
  for (std::uint8_t& n : w.seen) in.get(n);
  for (std::uint8_t& n : w.active) in.get(n);
  w.struck.resize(w.seen.size());
  w.windows.resize(w.seen.size());
  for (std::uint8_t& n : w.struck) in.get(n);
  for (Window& each : w.windows) in.get(each);
  w.met.resize(in.size());
  for (Met& m : w.met) {
    in.get(m.rule);
    in.get(m.from);
    in.get(m.to);
    in.get(m.messages);
  }
  in.get(w.clock);
  in.get(w.recorded);
  in.get(w.cause);
  in.get(w.violated);
  in.get(w.first);
  std::uint8_t bits = 0;
  in.get(bits);
  w.lost = (bits & 1) != 0;
  w.fired = (bits & 2) != 0;
  w.crashed = (bits & 4) != 0;
  w.inquired = (bits & 8) != 0;
  return w;
}

std::uint32_t Continuations::intern(const Effects& effects, int first, const Input& input, bool led,
                                    bool lies) {
  Writer out;
  out.put(led);
  out.put(lies);
  out.put(input.head());
  out.put(input.word());
  for (int i = first; i < effects.size(); ++i) {
    const indoubt::Effect& e = effects[i];
    out.put(e.kind);
    out.put(e.tag);
    out.put(e.count);
    out.put(e.word);
    if (e.kind != indoubt::Effect::Kind::send_set) out.put(e.to);
    if (e.kind == indoubt::Effect::Kind::send_set)
      for (const ProcessId to : effects.members(e)) out.put(to);
  }
  const auto next = static_cast<std::uint32_t>(entries_.size());
  const auto [at, fresh] = numbers_.emplace(out.take(), next);
  if (fresh) entries_.push_back(std::make_unique<Entry>(Entry{effects, first, input, led, lies}));
  return at->second;
}

}  // namespace indoubt::markov
