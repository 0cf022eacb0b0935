namespace IotOps.Detect.Membership;

/// <summary>Makes a <see cref="MembershipSnapshot"/>.</summary>
/// <param name="maxThings">More things than these are refused.</param>
internal sealed class MembershipBuilder(int maxThings)
{
    private readonly Dictionary<string, int> _things = new(StringComparer.Ordinal);
    private readonly List<string[]> _lists = [[]];
    private readonly Dictionary<(int List, string Group), int> _next = [];

    /// <summary>Adds a thing, in no group so far.</summary>
    /// <exception cref="InvalidDataException">It is one thing too many.</exception>
    public void Add(string thing)
    {
        if (_things.TryAdd(thing, 0) && _things.Count > maxThings)
        {
            throw new InvalidDataException($"There are more than {maxThings} things; set MaxThings higher, each takes about 100 bytes of memory.");
        }
    }

    /// <summary>Adds a thing to a group.</summary>
    /// <exception cref="InvalidDataException">It is one thing too many.</exception>
    public void Add(string thing, string group)
    {
        Add(thing);
        int list = _things[thing];
        if (!_next.TryGetValue((list, group), out int next))
        {
            next = Find([.. _lists[list].Append(group).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
            _next.Add((list, group), next);
        }

        _things[thing] = next;
    }

    public MembershipSnapshot Build(bool isRegistry) => new(_things, [.. _lists], isRegistry);

    private int Find(string[] groups)
    {
        int found = _lists.FindIndex(list => list.AsSpan().SequenceEqual(groups));
        if (found < 0)
        {
            found = _lists.Count;
            _lists.Add(groups);
        }

        return found;
    }
}
