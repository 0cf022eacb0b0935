namespace IotOps.Fleet.Patterns;

/// <summary>The values of an event on one path, found by the array elements they lie in.</summary>
internal sealed class PathCandidates
{
    private readonly List<PathCandidate> _all = [];
    private readonly Dictionary<(int Array, int Index), List<PathCandidate>> _within = [];
    private readonly Dictionary<int, int> _counts = [];

    public PathCandidates(ReadOnlySpan<byte> json, EventFields fields, int path, PathTerms terms)
    {
        var seen = new HashSet<PathCandidate>();
        for (int at = fields.First(path); at >= 0; at = fields.Next(at))
        {
            EventField field = fields[at];
            var candidate = new PathCandidate(field.Element, IsTaken(json, field, terms));
            if (!seen.Add(candidate))
            {
                continue;
            }

            _all.Add(candidate);
            for (int element = field.Element; element >= 0; element = fields.Elements[element].Outer)
            {
                ArrayElement one = fields.Elements[element];
                if (!_within.TryGetValue((one.Array, one.Index), out List<PathCandidate>? there))
                {
                    _within.Add((one.Array, one.Index), there = []);
                }

                there.Add(candidate);
                _counts[one.Array] = _counts.GetValueOrDefault(one.Array) + 1;
            }
        }
    }

    /// <summary>The arrays that values lie in.</summary>
    public IEnumerable<int> Arrays => _counts.Keys;

    /// <summary>All values that can agree with the chosen elements, and perhaps some that cannot.</summary>
    public List<PathCandidate> Near(Dictionary<int, int> chosen)
    {
        List<PathCandidate> fewest = _all;
        foreach ((int array, int index) in chosen)
        {
            // Where all values lie in the array, those in its other elements are out.
            if (_counts.GetValueOrDefault(array) == _all.Count)
            {
                List<PathCandidate> there = _within.GetValueOrDefault((array, index)) ?? [];
                fewest = there.Count < fewest.Count ? there : fewest;
            }
        }

        return fewest;
    }

    private static bool IsTaken(ReadOnlySpan<byte> json, in EventField field, PathTerms terms)
    {
        ReadOnlySpan<byte> text = json.Slice(field.Start, field.Length);
        var value = new FieldValue(field.Kind, field.IsEscaped ? JsonStrings.Decode(text) : text);
        foreach (ValueTerm term in terms.Terms)
        {
            if (term.Takes(ref value))
            {
                return true;
            }
        }

        return false;
    }
}
