using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace IotOps.Shared;

/// <summary>Single values and lists of them.</summary>
internal sealed partial class SettingsReader
{
    private const string WholeNumber = "must be a whole number";

    /// <summary>A text; the default, or null, when the key is missing. An empty one is a missing one where there is no default: a variable can be set to nothing, and not taken away.</summary>
    public string? Text(string key, string? otherwise = null)
    {
        Describe(key, "text", otherwise is { Length: > 0 } ? otherwise : "none");
        return Value(key) is { } text && (text.Length > 0 || otherwise is not null) ? text : otherwise;
    }

    /// <summary>A text that must be there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="why">What it is, with an example, for the message.</param>
    public string Required(string key, string why)
    {
        Describe(key, "text", otherwise: null);
        if (Value(key) is { Length: > 0 } text)
        {
            return text;
        }

        if (_section is not null)
        {
            _problems.AddMissing(PathOf(key), why);
        }

        return "";
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Boolean(string key, bool otherwise)
    {
        Describe(key, "true or false", otherwise ? "true" : "false");
        return Parsed(key, "must be true or false", bool.TryParse, otherwise);
    }

    /// <summary>A whole number.</summary>
    public int Integer(string key, int otherwise)
    {
        Describe(key, "whole number", otherwise.ToString(CultureInfo.InvariantCulture));
        return Parsed(key, WholeNumber, ReadInteger, otherwise);
    }

    /// <summary>A whole number; null when the key is missing.</summary>
    public int? Integer(string key)
    {
        Describe(key, "whole number", "none");
        return Value(key) is null ? null : Parsed(key, WholeNumber, ReadInteger, 0);
    }

    /// <summary>A whole number of any size.</summary>
    public long Long(string key, long otherwise)
    {
        Describe(key, "whole number", otherwise.ToString(CultureInfo.InvariantCulture));
        return Parsed(key, WholeNumber, (string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number), otherwise);
    }

    /// <summary>A number.</summary>
    public double Number(string key, double otherwise)
    {
        Describe(key, "number", otherwise.ToString(CultureInfo.InvariantCulture));
        return Parsed(key, "must be a number", (string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number), otherwise);
    }

    /// <summary>An amount of bytes with its unit, such as <c>64MiB</c>.</summary>
    public long Bytes(string key, long otherwise)
    {
        Describe(key, "bytes", ByteSize.Format(otherwise));
        return Parsed(key, $"must be an amount of bytes such as {ByteSize.Examples}", ByteSize.TryParse, otherwise);
    }

    /// <summary>An amount of bytes below 2 GiB.</summary>
    public int Bytes(string key, int otherwise)
    {
        long bytes = Bytes(key, (long)otherwise);
        if (bytes <= int.MaxValue)
        {
            return (int)bytes;
        }

        Problem(key, "must be less than 2GiB.");
        return otherwise;
    }

    /// <summary>A time with its unit, such as <c>30s</c>, or as .NET writes it, such as <c>00:00:30</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan otherwise)
    {
        Describe(key, "time", Shared.Duration.Format(otherwise));
        return Parsed(key, $"must be a time such as {Shared.Duration.Examples}", ReadDuration, otherwise);
    }

    /// <summary>One of an enumeration's names.</summary>
    public T Choice<T>(string key, T otherwise)
        where T : struct, Enum
    {
        string[] names = Enum.GetNames<T>();
        Describe(key, string.Join(" or ", names), otherwise.ToString());
        string? text = Value(key);
        string? near = text is null ? null : EditDistance.Nearest(text, names);
        return Parsed<T>(
            key,
            near is null ? $"must be one of {string.Join(", ", names)}" : $"must be one of {string.Join(", ", names)}; did you mean '{near}'?",
            (string word, out T choice) => Enum.TryParse(word, ignoreCase: true, out choice) && Array.Exists(names, name => string.Equals(name, word, StringComparison.OrdinalIgnoreCase)),
            otherwise);
    }

    /// <summary>One of an enumeration's names; null when the key is missing.</summary>
    public T? OptionalChoice<T>(string key)
        where T : struct, Enum
    {
        if (_described is null && Value(key) is null)
        {
            return null;
        }

        return Choice<T>(key, default);
    }

    /// <summary>An absolute URL; null when the key is missing.</summary>
    public Uri? Url(string key, Uri? otherwise = null)
    {
        Describe(key, "URL", otherwise?.AbsoluteUri ?? "none");
        return Parsed<Uri?>(
            key,
            "must be a URL such as https://example.com/",
            (string text, out Uri? url) => Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme is "http" or "https",
            otherwise);
    }

    /// <summary>A pattern that text is matched against, for at most a second a match; null when the key is missing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="why">What it is, for the message, where it must be there; null where it need not.</param>
    public Regex? Pattern(string key, string? why = null)
    {
        Describe(key, "regular expression", why is null ? "none" : null);
        if (why is not null && _section is not null && Find(key) is null)
        {
            _problems.AddMissing(PathOf(key), why);
        }

        return Parsed<Regex?>(key, "must be a regular expression of .NET", ReadPattern, null);
    }

    /// <summary>A secret key as base64; empty when it is missing. No message repeats it.</summary>
    public ReadOnlyMemory<byte> Key(string key)
    {
        Describe(key, "base64", "none");
        byte[] bytes = [];
        if (Value(key) is { } text)
        {
            byte[] room = new byte[text.Length];
            if (Convert.TryFromBase64String(text, room, out int count))
            {
                bytes = room[..count];
            }
            else
            {
                Problem(key, "must be base64; its value is not repeated here.");
            }
        }

        return bytes;
    }

    /// <summary>A time zone of the IANA list, such as <c>Europe/Berlin</c>.</summary>
    public TimeZoneInfo TimeZone(string key, TimeZoneInfo otherwise)
    {
        Describe(key, "time zone", otherwise.Equals(TimeZoneInfo.Local) ? "the machine's" : otherwise.Id);
        return Parsed<TimeZoneInfo?>(key, "must be a time zone such as 'UTC' or 'Europe/Berlin'", TimeZoneInfo.TryFindSystemTimeZoneById, null) ?? otherwise;
    }

    /// <summary>Texts; the default when the key is missing.</summary>
    public IReadOnlyList<string> Texts(string key, IReadOnlyList<string> otherwise)
    {
        Describe(key, "list of texts", otherwise.Count == 0 ? "empty" : string.Join(", ", otherwise));
        if (Find(key) is not { } section || !IsSection(section))
        {
            return otherwise;
        }

        List<string> texts = [];
        foreach (IConfigurationSection item in section.GetChildren())
        {
            if (item.GetChildren().Any())
            {
                _problems.Add(item, "must be a text, and has keys below it.");
            }

            texts.Add(item.Value ?? "");
        }

        return texts;
    }

    /// <summary>Texts under names that the section's author chose; empty when the key is missing.</summary>
    public IReadOnlyDictionary<string, string> Map(string key)
    {
        Describe(key, "texts by name", "empty");
        return Find(key) is { } section && IsSection(section)
            ? section.GetChildren().ToDictionary(item => item.Key, item => item.Value ?? "", StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal);
    }

    private static bool ReadInteger(string text, out int number) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private delegate bool Parser<T>(string text, out T value);

    private T Parsed<T>(string key, string must, Parser<T> parse, T otherwise)
    {
        if (Value(key) is not { } text)
        {
            return otherwise;
        }

        if (parse(text, out T value))
        {
            return value;
        }

        Problem(key, $"{must}, not '{text}'.");
        return otherwise;
    }

    private string? Value(string key)
    {
        if (Find(key) is not { } section)
        {
            return null;
        }

        if (section.GetChildren().Any())
        {
            _problems.Add(section, "must be a single value, and has keys below it.");
            return null;
        }

        return section.Value;
    }

    // A text with a colon is what .NET itself writes; without one, TimeSpan would take "5" for five days.
    private static bool ReadDuration(string text, out TimeSpan duration) =>
        Shared.Duration.TryParse(text, out duration)
        || (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero);

    private static bool ReadPattern(string text, out Regex? pattern)
    {
        try
        {
            pattern = new Regex(text, RegexOptions.None, TimeSpan.FromSeconds(1));
            return true;
        }
        catch (ArgumentException)
        {
            pattern = null;
            return false;
        }
    }
}
