using IotOps.Emulator.Http;
using IotOps.Emulator.Logs.Patterns;

namespace IotOps.Emulator.Logs;

/// <summary>What requests about metric filters and subscription filters have in common.</summary>
internal static class FilterInput
{
    private const int MaxPattern = 1_024;

    public static string Name(JsonInput input) => Constraint.StreamName(input.Text("filterName"), "filterName");

    /// <summary>The beginning of names; null when absent.</summary>
    public static string? Prefix(JsonInput input) =>
        input.Text("filterNamePrefix") is { } prefix ? Constraint.StreamName(prefix, "filterNamePrefix") : null;

    public static (string Text, FilterPattern Pattern) Pattern(JsonInput input)
    {
        if (input.Text("filterPattern") is null)
        {
            throw Constraint.Violated("null", "filterPattern", "Member must not be null");
        }

        string text = Constraint.AtMost(input, "filterPattern", MaxPattern);
        return (text, FilterPattern.Parse(text));
    }

    public static Refusal NotFound(string kind) => new(400, "ResourceNotFoundException", $"The specified {kind} filter does not exist.");
}
