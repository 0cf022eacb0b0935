using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace IotOps.Logs.Logging;

/// <summary>The text of what applications log: the same in every culture, and a note in place of what throws when it is asked for its text.</summary>
[SuppressMessage("Design", "CA1031", Justification = "What an application's own types throw must not end the application that logs them.")]
internal static class LogText
{
    private const int MaxItems = 1000;

    /// <summary>A value as text; null is empty.</summary>
    public static string Of(object? value)
    {
        try
        {
            string text = Plain(value) ?? "";

            // A type that says no more than its name is a list of something, if it is a list at all.
            return value is IEnumerable list and not string && text == value.GetType().ToString()
                ? Joined(list is IDictionary dictionary ? Entries(dictionary) : list)
                : text;
        }
        catch (Exception e)
        {
            return Note(value!, e);
        }
    }

    /// <summary>An exception as text, or what of it can be had.</summary>
    public static string Of(Exception exception)
    {
        try
        {
            return exception.ToString();
        }
        catch (Exception e)
        {
            return Note(exception, e);
        }
    }

    /// <summary>A single value; lists by whatever their type says.</summary>
    public static string? Plain(object? value) => value switch
    {
        null => null,
        string text => text,
        DateTime or DateTimeOffset or DateOnly or TimeOnly => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>Stands for a value that threw.</summary>
    public static string Note(object value, Exception thrown) => $"({value.GetType()} threw {thrown.GetType()})";

    // As themselves; listed as anything else, they are pairs of whatever types the dictionary has.
    private static IEnumerable Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
        {
            yield return entry;
        }
    }

    private static string Joined(IEnumerable list)
    {
        var text = new StringBuilder();
        int count = 0;
        foreach (object? item in list)
        {
            text.Append(count == 0 ? "" : ", ");
            if (count++ == MaxItems)
            {
                text.Append("...");
                break;
            }

            text.Append(item switch
            {
                DictionaryEntry entry => $"{Of(entry.Key)}={Of(entry.Value)}",
                KeyValuePair<string, object?> entry => $"{entry.Key}={Of(entry.Value)}",
                _ => Of(item),
            });
        }

        return text.ToString();
    }
}
