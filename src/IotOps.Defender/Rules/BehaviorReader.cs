using System.Globalization;
using System.Text.Json;

namespace IotOps.Defender.Rules;

/// <summary>Reads a behavior from JSON; what the record then says is checked by <see cref="BehaviorCheck"/>.</summary>
internal static class BehaviorReader
{
    public static Behavior Read(JsonElement element, string path, MetricScope scope = MetricScope.Device)
    {
        Expect(element, JsonValueKind.Object, path, "an object");
        string? name = null, metric = null;
        BehaviorCriteria? criteria = null;
        bool suppress = false;
        AlarmWhen alarmWhen = AlarmWhen.CriteriaNotMet;
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string where = $"{path}.{member.Name}";
            switch (member.Name)
            {
                case "name":
                    name = Text(member.Value, where);
                    break;
                case "metric":
                    metric = Text(member.Value, where);
                    break;
                case "criteria":
                    criteria = ReadCriteria(member.Value, where, scope);
                    break;
                case "suppressAlerts" or "exportMetric" when member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    suppress |= member.Name == "suppressAlerts" && member.Value.GetBoolean();
                    break;
                case "alarmWhen":
                    alarmWhen = Text(member.Value, where) switch
                    {
                        "criteria-met" => AlarmWhen.CriteriaMet,
                        "criteria-not-met" => AlarmWhen.CriteriaNotMet,
                        var other => throw new FormatException($"{where} is 'criteria-not-met' (the default, as in AWS) or 'criteria-met', not '{other}'."),
                    };
                    break;
                case "metricDimension":
                    throw new FormatException(scope == MetricScope.Device
                        ? $"{where}: dimensions narrow metrics that the cloud measures; a device cannot evaluate them."
                        : $"{where}: dimensions narrow metrics to topics, which are not known here; leave it out.");
                default:
                    throw Unknown(where, "name, metric, criteria, suppressAlerts, alarmWhen");
            }
        }

        var behavior = new Behavior
        {
            Name = name ?? throw new FormatException($"{path}.name is missing."),
            Metric = metric ?? throw new FormatException($"{path}.metric is missing."),
            Criteria = criteria ?? throw new FormatException($"{path}.criteria is missing."),
            SuppressAlerts = suppress,
            AlarmWhen = alarmWhen,
        };
        return BehaviorCheck.Problem(behavior, scope) is { } problem ? throw new FormatException($"{path}: {problem}") : behavior;
    }

    private static BehaviorCriteria ReadCriteria(JsonElement element, string path, MetricScope scope)
    {
        Expect(element, JsonValueKind.Object, path, "an object");
        ComparisonOperator? comparison = null;
        MetricValue? value = null;
        string? statistic = null;
        long duration = 0, alarm = 1, clear = 1;
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string where = $"{path}.{member.Name}";
            switch (member.Name)
            {
                case "comparisonOperator":
                    string text = Text(member.Value, where);
                    comparison = BehaviorGrammar.Operator(text)
                        ?? throw new FormatException($"{where} is one of {BehaviorGrammar.AllOperators()}, not '{text}'.");
                    break;
                case "value":
                    value = ReadValue(member.Value, where);
                    break;
                case "durationSeconds":
                    duration = Integer(member.Value, where);
                    break;
                case "consecutiveDatapointsToAlarm":
                    alarm = Integer(member.Value, where);
                    break;
                case "consecutiveDatapointsToClear":
                    clear = Integer(member.Value, where);
                    break;
                case "statisticalThreshold":
                    Expect(member.Value, JsonValueKind.Object, where, "an object with 'statistic'");
                    statistic = member.Value.TryGetProperty("statistic", out JsonElement found)
                        ? Text(found, $"{where}.statistic")
                        : throw new FormatException($"{where}.statistic is missing.");
                    break;
                case "mlDetectionConfig":
                    throw new FormatException(scope == MetricScope.Device
                        ? $"{where}: a model of the whole fleet cannot be evaluated on a device; use a value or a statisticalThreshold."
                        : $"{where}: AWS's learnt models are part of its service; use a value or a statisticalThreshold, which ranks the whole fleet.");
                default:
                    throw Unknown(where, "comparisonOperator, value, durationSeconds, consecutiveDatapointsToAlarm, consecutiveDatapointsToClear, statisticalThreshold");
            }
        }

        return new BehaviorCriteria
        {
            ComparisonOperator = comparison ?? throw new FormatException($"{path}.comparisonOperator is missing."),
            Value = value,
            Statistic = statistic,
            Duration = TimeSpan.FromSeconds(Math.Clamp(duration, -1, int.MaxValue)),
            ConsecutiveDatapointsToAlarm = (int)Math.Clamp(alarm, 0, 1000),
            ConsecutiveDatapointsToClear = (int)Math.Clamp(clear, 0, 1000),
        };
    }

    private static MetricValue ReadValue(JsonElement element, string path)
    {
        Expect(element, JsonValueKind.Object, path, "an object");
        var value = new MetricValue();
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string where = $"{path}.{member.Name}";
            value = member.Name switch
            {
                "count" => value with { Count = Integer(member.Value, where) },
                "number" => value with { Number = Number(member.Value, where) },
                "numbers" => value with { Numbers = List(member.Value, where, Number) },
                "cidrs" => value with { Cidrs = List(member.Value, where, Text) },
                "ports" => value with { Ports = List(member.Value, where, (item, at) => (int)Math.Clamp(Integer(item, at), -1, 65536)) },
                "strings" => value with { Strings = List(member.Value, where, Text) },
                _ => throw Unknown(where, "count, number, numbers, cidrs, ports, strings"),
            };
        }

        return value;
    }

    private static List<T> List<T>(JsonElement element, string path, Func<JsonElement, string, T> read)
    {
        Expect(element, JsonValueKind.Array, path, "a list");
        List<T> list = new(element.GetArrayLength());
        foreach (JsonElement item in element.EnumerateArray())
        {
            list.Add(read(item, $"{path}[{list.Count}]"));
        }

        return list;
    }

    private static string Text(JsonElement element, string path)
    {
        Expect(element, JsonValueKind.String, path, "a string");
        return element.GetString()!;
    }

    // CloudFormation writes counts as strings, the API as numbers.
    private static long Integer(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long number) ? number
        : element.ValueKind == JsonValueKind.String && long.TryParse(element.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number
        : throw new FormatException($"{path} is a whole number.");

    private static double Number(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw new FormatException($"{path} is a number.");

    private static void Expect(JsonElement element, JsonValueKind kind, string path, string what)
    {
        if (element.ValueKind != kind)
        {
            throw new FormatException($"{path} is {what}.");
        }
    }

    private static FormatException Unknown(string path, string known) => new($"{path} is not known; known are {known}.");
}
