using System.Globalization;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>Reads the one metric transformation of PutMetricFilter.</summary>
internal static class TransformationInput
{
    private const int MaxWord = 255;
    private const int MaxValue = 100;
    private const int MaxDimensions = 3;

    private static readonly string[] Units =
    [
        "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits", "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count",
        "Bytes/Second", "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second", "Kilobits/Second", "Megabits/Second", "Gigabits/Second", "Terabits/Second",
        "Count/Second", "None",
    ];

    /// <exception cref="Refusal">It is missing, or out of its bounds.</exception>
    public static MetricTransformation Read(JsonInput input)
    {
        IReadOnlyList<JsonInput> all = input.Objects("metricTransformations");
        if (all.Count != 1)
        {
            throw Constraint.Violated($"{all.Count} transformations", "metricTransformations", "Member must have length 1");
        }

        JsonInput given = all[0];
        given.RefuseAllBut("PutMetricFilter", ["metricName", "metricNamespace", "metricValue", "defaultValue", "dimensions", "unit"]);
        string value = Constraint.Length(given.Text("metricValue"), "metricTransformations.1.member.metricValue", MaxValue);
        if (!value.StartsWith('$') && !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            throw new Refusal(400, "InvalidParameterException", $"Invalid metric transformation: the metricValue '{value}' is a number, or a field that begins with $.");
        }

        IReadOnlyDictionary<string, string> dimensions = Dimensions(given);
        double? defaultValue = given.Real("defaultValue");
        if (defaultValue is not null && dimensions.Count > 0)
        {
            throw new Refusal(400, "InvalidParameterException", "Invalid metric transformation: dimensions and default value are mutually exclusive properties.");
        }

        return new MetricTransformation(
            MetricWord(given, "metricName") ?? throw Constraint.Violated("null", "metricTransformations.1.member.metricName", "Member must not be null"),
            MetricWord(given, "metricNamespace") ?? throw Constraint.Violated("null", "metricTransformations.1.member.metricNamespace", "Member must not be null"),
            value,
            defaultValue,
            Constraint.Word(given, "unit", Units),
            dimensions);
    }

    /// <summary>A metric's name or namespace; null when absent.</summary>
    /// <exception cref="Refusal">It is too long, or has a colon, an asterisk or a dollar sign.</exception>
    public static string? MetricWord(JsonInput input, string member)
    {
        if (input.Text(member) is not { } word)
        {
            return null;
        }

        return Constraint.AtMost(input, member, MaxWord).AsSpan().ContainsAny(':', '*', '$')
            ? throw Constraint.Violated(word, member, "Member must satisfy regular expression pattern: [^:*$]*")
            : word;
    }

    private static IReadOnlyDictionary<string, string> Dimensions(JsonInput input)
    {
        IReadOnlyDictionary<string, string> dimensions = input.Map("dimensions") ?? LogTags.None;
        return dimensions.Count <= MaxDimensions && dimensions.All(static one => one.Key.Length is > 0 and <= MaxWord && one.Value.Length <= MaxWord && one.Value.StartsWith('$'))
            ? dimensions
            : throw new Refusal(400, "InvalidParameterException", $"Invalid metric transformation: at most {MaxDimensions} dimensions, of at most {MaxWord} characters, whose values are fields that begin with $.");
    }
}
