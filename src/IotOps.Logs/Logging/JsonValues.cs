using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace IotOps.Logs.Logging;

/// <summary>Writes what applications log as JSON: numbers, lists and dictionaries as themselves, names once, a note in place of what throws.</summary>
[SuppressMessage("Design", "CA1031", Justification = "What an application's own types throw must not end the application that logs them.")]
internal sealed class JsonValues(Utf8JsonWriter writer)
{
    private const int MaxDepth = 4;

    // Of one message: a graph that leads back to itself ends, too.
    private int _left = 1000;

    /// <summary>Writes an object with these members.</summary>
    public void Members(IEnumerable<KeyValuePair<string, object?>> members, int depth = 0)
    {
        writer.WriteStartObject();
        HashSet<string> names = new(StringComparer.Ordinal);
        try
        {
            foreach ((string? name, object? value) in members)
            {
                if (_left <= 0)
                {
                    break;
                }

                Name(name == "{OriginalFormat}" ? "template" : name ?? "(null)", names);
                Value(value, depth);
            }
        }
        catch (Exception e)
        {
            Name("error", names);
            writer.WriteStringValue(LogText.Note(members, e));
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes one value.</summary>
    public void Value(object? value, int depth = 0)
    {
        _left--;
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case Enum:
                writer.WriteStringValue(LogText.Of(value));
                break;
            case byte or sbyte or short or ushort or int or long:
                writer.WriteNumberValue(Convert.ToInt64(value));
                break;
            case uint or ulong:
                writer.WriteNumberValue(Convert.ToUInt64(value));
                break;
            case Half number when Half.IsFinite(number):
                writer.WriteNumberValue((float)number);
                break;
            case float number when float.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case DateTime time:
                writer.WriteStringValue(time);
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(time);
                break;
            case Guid id:
                writer.WriteStringValue(id);
                break;
            case byte[] bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            case IEnumerable<KeyValuePair<string, object?>> members when depth < MaxDepth:
                Members(members, depth + 1);
                break;
            case IDictionary dictionary when depth < MaxDepth:
                Members(MembersOf(dictionary), depth + 1);
                break;
            case IEnumerable list when depth < MaxDepth && value is not IFormattable:
                Items(list, depth + 1);
                break;
            default:
                writer.WriteStringValue(LogText.Of(value));
                break;
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> MembersOf(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
        {
            yield return new(LogText.Of(entry.Key), entry.Value);
        }
    }

    private void Items(IEnumerable list, int depth)
    {
        writer.WriteStartArray();
        try
        {
            foreach (object? item in list)
            {
                if (_left <= 0)
                {
                    writer.WriteStringValue("...");
                    break;
                }

                Value(item, depth);
            }
        }
        catch (Exception e)
        {
            writer.WriteStringValue(LogText.Note(list, e));
        }

        writer.WriteEndArray();
    }

    // JSON readers keep the last of two members with one name, CloudWatch Logs Insights the first.
    private void Name(string name, HashSet<string> names)
    {
        string unique = name;
        for (int i = 2; !names.Add(unique); i++)
        {
            unique = $"{name}_{i}";
        }

        // As bytes, because half a surrogate pair is refused in a name.
        writer.WritePropertyName(Encoding.UTF8.GetBytes(unique));
    }
}
