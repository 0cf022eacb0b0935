using System.Text.Json;

namespace IotOps.Fleet.Queries;

/// <summary>What a value must be.</summary>
internal abstract class ValueTest
{
    /// <summary>How it is written behind the field.</summary>
    public abstract string Text { get; }

    /// <summary>Whether it begins with an operator of its own instead of a colon.</summary>
    public virtual bool HasOperator => false;

    /// <summary>Whether it is a pattern that begins with a wildcard, of which the service takes one.</summary>
    public virtual bool HasLeadingWildcard => false;

    /// <summary>Whether it takes a value: a text, number, boolean, or an object.</summary>
    public abstract bool Takes(JsonElement value);
}
