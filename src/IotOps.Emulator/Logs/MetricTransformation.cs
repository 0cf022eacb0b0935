using System.Globalization;
using System.Text.Json;
using IotOps.Emulator.Logs.Patterns;

namespace IotOps.Emulator.Logs;

/// <summary>What a metric filter makes of an event that it wants.</summary>
internal sealed record MetricTransformation(string Name, string Namespace, string ValueText, double? DefaultValue, string? Unit, IReadOnlyDictionary<string, string> Dimensions)
{
    /// <summary>The fields and members that it takes from an event.</summary>
    public IEnumerable<string> Selectors => Dimensions.Values.Concat(ValueText.StartsWith('$') ? [ValueText] : []);

    /// <summary>A number, or the text of a field or member when that is one; null when it is not.</summary>
    public double? ValueOf(FilterPattern pattern, ReadOnlySpan<byte> message)
    {
        string? text = ValueText.StartsWith('$') ? pattern.Select(ValueText, message) : ValueText;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    /// <summary>The dimensions of an event; null when it lacks one, and no value is published.</summary>
    public IReadOnlyDictionary<string, string>? DimensionsOf(FilterPattern pattern, ReadOnlySpan<byte> message)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string selector) in Dimensions)
        {
            if (pattern.Select(selector, message) is not { } value)
            {
                return null;
            }

            found[name] = value;
        }

        return found;
    }

    public void Write(Utf8JsonWriter output)
    {
        output.WriteStartObject();
        output.WriteString("metricName"u8, Name);
        output.WriteString("metricNamespace"u8, Namespace);
        output.WriteString("metricValue"u8, ValueText);
        if (DefaultValue is { } value)
        {
            output.WriteNumber("defaultValue"u8, value);
        }

        if (Dimensions.Count > 0)
        {
            output.WriteStartObject("dimensions"u8);
            foreach ((string name, string selector) in Dimensions)
            {
                output.WriteString(name, selector);
            }

            output.WriteEndObject();
        }

        if (Unit is not null)
        {
            output.WriteString("unit"u8, Unit);
        }

        output.WriteEndObject();
    }
}
