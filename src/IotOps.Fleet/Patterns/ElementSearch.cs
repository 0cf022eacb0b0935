namespace IotOps.Fleet.Patterns;

/// <summary>
/// Array consistency: whether a rule's paths have values from the same element of each array. Only for events with arrays of objects, and only
/// for rules whose paths all have a value somewhere. The paths are taken in the order of their names, and a member counts as absent when
/// no object that the paths before it chose has it: so does event-ruler, which the service runs.
/// <para>
/// What failed once for a path and a choice of elements is not tried again, and candidates are found by the elements chosen already: the work
/// grows with the values, not with their combinations.
/// </para>
/// </summary>
internal sealed class ElementSearch
{
    private readonly EventFields _fields;
    private readonly PatternRule _rule;
    private readonly PathCandidates[] _paths;
    private readonly HashSet<int>[] _arraysFrom;
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _chosen = [];

    private ElementSearch(ReadOnlySpan<byte> json, EventFields fields, PatternRule rule)
    {
        _fields = fields;
        _rule = rule;
        _paths = new PathCandidates[rule.Paths.Length];
        _arraysFrom = new HashSet<int>[rule.Paths.Length + 1];
        _arraysFrom[^1] = [];
        for (int i = rule.Paths.Length - 1; i >= 0; i--)
        {
            _paths[i] = new PathCandidates(json, fields, rule.Paths[i], rule.Terms[i]);
            _arraysFrom[i] = [.. _arraysFrom[i + 1], .. _paths[i].Arrays];
        }
    }

    public static bool Matches(ReadOnlySpan<byte> json, EventFields fields, PatternRule rule) => new ElementSearch(json, fields, rule).From(0);

    private bool From(int path)
    {
        if (path == _paths.Length)
        {
            return true;
        }

        string state = State(path);
        if (_failed.Contains(state))
        {
            return false;
        }

        PathCandidates candidates = _paths[path];
        bool isPresent = false;
        foreach (PathCandidate candidate in candidates.Near(_chosen))
        {
            List<int>? added = Choose(candidate.Element);
            if (added is null)
            {
                continue;
            }

            isPresent = true;
            bool isFound = candidate.IsTaken && From(path + 1);
            foreach (int array in added)
            {
                _chosen.Remove(array);
            }

            if (isFound)
            {
                return true;
            }
        }

        if (!isPresent && _rule.Terms[path].TakesAbsence && From(path + 1))
        {
            return true;
        }

        _failed.Add(state);
        return false;
    }

    // The arrays whose element this chooses; null when another element of one is chosen already.
    private List<int>? Choose(int element)
    {
        List<int> added = [];
        for (int at = element; at >= 0; at = _fields.Elements[at].Outer)
        {
            ArrayElement one = _fields.Elements[at];
            if (_chosen.TryAdd(one.Array, one.Index))
            {
                added.Add(one.Array);
            }
            else if (_chosen[one.Array] != one.Index)
            {
                foreach (int array in added)
                {
                    _chosen.Remove(array);
                }

                return null;
            }
        }

        return added;
    }

    // Only what the paths from here on can disagree with.
    private string State(int path) =>
        $"{path}|{string.Join(' ', _chosen.Where(one => _arraysFrom[path].Contains(one.Key)).OrderBy(one => one.Key).Select(one => $"{one.Key}:{one.Value}"))}";
}
