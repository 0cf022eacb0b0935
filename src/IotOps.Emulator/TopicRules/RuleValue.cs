using System.Globalization;
using System.Text.Json;

namespace IotOps.Emulator.TopicRules;

/// <summary>A value of a rule's SQL; <see cref="Undefined"/> where the message has none.</summary>
internal readonly record struct RuleValue
{
    private RuleValue(object? value) => Value = value;

    public static RuleValue Undefined => default;

    /// <summary>A text, a number, a boolean, a <see cref="JsonElement"/> of the message, or null.</summary>
    public object? Value { get; }

    public bool IsUndefined => Value is null;

    public static RuleValue Of(string value) => new(value);

    public static RuleValue Of(double value) => new(value);

    public static RuleValue Of(bool value) => new(value);

    public static RuleValue Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new(element.GetString()),
        JsonValueKind.Number => new(element.GetDouble()),
        JsonValueKind.True => new(true),
        JsonValueKind.False => new(false),
        _ => new(element.Clone()),
    };

    /// <summary>Writes it under a name; what is undefined is left out.</summary>
    public void WriteTo(Utf8JsonWriter output, string name)
    {
        switch (Value)
        {
            case string text:
                output.WriteString(name, text);
                break;
            case double number when number == Math.Floor(number) && Math.Abs(number) < 9e15:
                output.WriteNumber(name, (long)number);
                break;
            case double number:
                output.WriteNumber(name, number);
                break;
            case bool flag:
                output.WriteBoolean(name, flag);
                break;
            case JsonElement element:
                output.WritePropertyName(name);
                element.WriteTo(output);
                break;
            default:
                break;
        }
    }

    /// <summary>Less than, equal or greater; null when the two cannot be compared.</summary>
    public static int? Compare(RuleValue left, RuleValue right) => (left.Value, right.Value) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (double a, double b) => a.CompareTo(b),
        (bool a, bool b) => a.CompareTo(b),

        // "If the string can be converted to a number, the numbers are compared."
        (string a, double b) when double.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number.CompareTo(b),
        (double a, string b) when double.TryParse(b, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => a.CompareTo(number),
        _ => null,
    };
}
