namespace IotOps.Fleet;

/// <summary>Why CloudTrail would refuse a set of event selectors.</summary>
/// <param name="Selector">The place of the selector in the set, from 0; null when the set as a whole is wrong.</param>
/// <param name="Field">The field at fault, such as <c>resources.type</c>; null when it is the selector.</param>
/// <param name="Rule">The rule that is broken, and what to write instead.</param>
public sealed record EventSelectorProblem(int? Selector, string? Field, string Rule)
{
    /// <summary>One line: <c>selector 0, field readOnly: takes Equals only, not NotEquals</c>.</summary>
    public override string ToString()
    {
        string place = Selector is { } at ? $"selector {at}" : "selectors";
        return Field is null ? $"{place}: {Rule}" : $"{place}, field {Field}: {Rule}";
    }
}
