namespace IotOps.Shadow.Documents;

/// <summary>Members of an object being made, in the order of their names.</summary>
internal struct MemberList(int capacity)
{
    private readonly string[] _names = new string[capacity];
    private readonly ShadowValue[] _values = new ShadowValue[capacity];
    private int _count;

    /// <summary>Adds a member; none when the value is null.</summary>
    public void Add(string name, ShadowValue? value)
    {
        if (value is not null)
        {
            _names[_count] = name;
            _values[_count++] = value;
        }
    }

    /// <summary>The object; null when it has no member, because an empty object is no state.</summary>
    public readonly ShadowValue? ToObject() =>
        _count == 0 ? null
        : _count == _names.Length ? ShadowValue.FromSorted(_names, _values)
        : ShadowValue.FromSorted(_names[.._count], _values[.._count]);
}
