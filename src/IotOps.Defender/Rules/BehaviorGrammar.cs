using System.Buffers;

namespace IotOps.Defender.Rules;

/// <summary>The words of the behavior grammar.</summary>
internal static class BehaviorGrammar
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_-");

    private static readonly string[] Operators =
    [
        "less-than", "less-than-equals", "greater-than", "greater-than-equals",
        "in-cidr-set", "not-in-cidr-set", "in-port-set", "not-in-port-set", "in-set", "not-in-set",
    ];

    public static string Text(ComparisonOperator comparison) => Operators[(int)comparison];

    public static string Text(ViolationEventType type) => type switch
    {
        ViolationEventType.InAlarm => "in-alarm",
        ViolationEventType.AlarmCleared => "alarm-cleared",
        _ => "alarm-invalidated",
    };

    public static ComparisonOperator? Operator(string text) =>
        Array.IndexOf(Operators, text) is >= 0 and var index ? (ComparisonOperator)index : null;

    public static string AllOperators() => string.Join(", ", Operators);

    /// <summary>Behaviors and profiles share their rule with things.</summary>
    public static bool IsName(string text) => text.Length is >= 1 and <= 128 && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    public static bool IsOrdered(ComparisonOperator comparison) => comparison <= ComparisonOperator.GreaterThanEquals;

    /// <summary>True for the operators that a single forbidden item violates.</summary>
    public static bool Forbids(ComparisonOperator comparison) =>
        comparison is ComparisonOperator.NotInCidrSet or ComparisonOperator.NotInPortSet or ComparisonOperator.NotInSet;
}
