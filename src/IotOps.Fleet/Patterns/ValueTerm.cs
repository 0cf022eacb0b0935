namespace IotOps.Fleet.Patterns;

/// <summary>One thing that a pattern lets a value be.</summary>
internal abstract class ValueTerm
{
    /// <param name="key">Equal for terms that take the same values.</param>
    protected ValueTerm(string key) => Key = key;

    /// <summary>Equal for terms that take the same values.</summary>
    public string Key { get; }

    /// <summary>Whether it takes a value.</summary>
    public abstract bool Takes(ref FieldValue value);
}
