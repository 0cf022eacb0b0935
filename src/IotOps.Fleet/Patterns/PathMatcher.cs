namespace IotOps.Fleet.Patterns;

/// <summary>
/// What all patterns ask of one path. A rule, an alternative of a pattern, is a bit: values are looked up once for all rules that name them,
/// and a term that many rules have is evaluated once, or not at all when none of its rules can match any more.
/// </summary>
internal sealed class PathMatcher
{
    private readonly ByteTable<ulong[]> _texts = new();
    private readonly ByteTable<ulong[]> _literals = new();
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<(ValueTerm Term, ulong[] Rules)> _others = [];
    private readonly ulong[] _rules;
    private readonly ulong[] _absence;
    private readonly int _path;

    /// <param name="path">The path's number.</param>
    /// <param name="words">Words of 64 rules.</param>
    public PathMatcher(int path, int words)
    {
        _path = path;
        _rules = new ulong[words];
        _absence = new ulong[words];
    }

    /// <summary>What a value costs: how many terms are not looked up.</summary>
    public int Cost => _others.Count;

    public void Add(int rule, PathTerms asked)
    {
        Set(_rules, rule);
        if (asked.TakesAbsence)
        {
            Set(_absence, rule);
        }

        foreach (ValueTerm term in asked.Terms)
        {
            if (term is ExactTerm exact)
            {
                ByteTable<ulong[]> table = exact.IsLiteral ? _literals : _texts;
                ulong[]? rules = table.Find(exact.Text);
                if (rules is null)
                {
                    rules = new ulong[_rules.Length];
                    table.Add(exact.Text, rules);
                }

                Set(rules, rule);
                continue;
            }

            if (!_places.TryGetValue(term.Key, out int place))
            {
                place = _others.Count;
                _places.Add(term.Key, place);
                _others.Add((term, new ulong[_rules.Length]));
            }

            Set(_others[place].Rules, rule);
        }
    }

    /// <summary>Takes the rules out that an event does not match on this path.</summary>
    /// <returns>Whether any is left.</returns>
    public bool Narrow(ReadOnlySpan<byte> json, EventFields fields, Span<ulong> alive, Span<ulong> taken)
    {
        taken.Clear();
        int at = fields.First(_path);
        bool mayBeAbsent = true;
        for (; at >= 0; at = fields.Next(at))
        {
            ref readonly EventField field = ref fields[at];
            mayBeAbsent &= field.Element >= 0;
            ReadOnlySpan<byte> text = json.Slice(field.Start, field.Length);
            var value = new FieldValue(field.Kind, field.IsEscaped ? JsonStrings.Decode(text) : text);
            Take(ref value, alive, taken);
        }

        // In an array of objects a member can be absent from one object and present in another: what is decided here is only what is possible.
        bool isAny = false;
        for (int i = 0; i < alive.Length; i++)
        {
            ulong absence = mayBeAbsent ? _absence[i] : 0;
            alive[i] &= ~_rules[i] | taken[i] | absence;
            isAny |= alive[i] != 0;
        }

        return isAny;
    }

    private void Take(ref FieldValue value, ReadOnlySpan<ulong> alive, Span<ulong> taken)
    {
        if (!value.IsNumber && (value.IsText ? _texts : _literals).Find(value.Text) is { } found)
        {
            for (int i = 0; i < taken.Length; i++)
            {
                taken[i] |= found[i];
            }
        }

        foreach ((ValueTerm term, ulong[] rules) in _others)
        {
            if (IsOpen(rules, alive, taken) && term.Takes(ref value))
            {
                for (int i = 0; i < taken.Length; i++)
                {
                    taken[i] |= rules[i];
                }
            }
        }
    }

    private static bool IsOpen(ulong[] rules, ReadOnlySpan<ulong> alive, ReadOnlySpan<ulong> taken)
    {
        for (int i = 0; i < rules.Length; i++)
        {
            if ((rules[i] & alive[i] & ~taken[i]) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static void Set(ulong[] bits, int bit) => bits[bit / 64] |= 1UL << (bit % 64);
}
