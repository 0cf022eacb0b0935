namespace IotOps.Aws.Endpoints;

/// <summary>
/// The AWS files of profiles, for settings that the SDK's own reader leaves out (<c>ca_bundle</c>, and everything beside <c>services</c>). See
/// <see href="https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html"/>.
/// </summary>
internal sealed class SharedConfigFile
{
    // By section as its head spells it, then by key; a nested key is PARENT.KEY.
    private readonly Dictionary<string, Dictionary<string, string>> _sections = new(StringComparer.Ordinal);

    /// <summary>Reads text; a line that is none of the format's is passed over.</summary>
    public static SharedConfigFile Parse(string text)
    {
        var file = new SharedConfigFile();
        Dictionary<string, string>? section = null;
        string parent = "";
        foreach (string line in text.Split('\n'))
        {
            string trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] is '#' or ';')
            {
                continue;
            }

            if (trimmed[0] == '[')
            {
                section = trimmed.IndexOf(']', StringComparison.Ordinal) is > 0 and int end ? file.Section(Words(trimmed[1..end])) : null;
                continue;
            }

            int equals = trimmed.IndexOf('=', StringComparison.Ordinal);
            if (section is null || equals <= 0)
            {
                continue;
            }

            (string key, string value) = (trimmed[..equals].Trim(), trimmed[(equals + 1)..].Trim());
            bool isNested = char.IsWhiteSpace(line[0]) && parent.Length > 0;
            if (isNested)
            {
                section[$"{parent}.{key}"] = value;
            }
            else
            {
                section[key] = value;
                parent = value.Length == 0 ? key : "";
            }
        }

        return file;
    }

    /// <summary>Reads a file; one that is missing or may not be read is empty.</summary>
    public static SharedConfigFile Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new SharedConfigFile();
        }
    }

    /// <summary>A key of a section, such as <c>default</c> or <c>profile dev</c>; null when it is not there.</summary>
    public string? Value(string section, string key) =>
        _sections.TryGetValue(section, out Dictionary<string, string>? keys) && keys.TryGetValue(key, out string? value) && value.Length > 0 ? value : null;

    // [profile "my name"] and [ profile  dev ] are names too.
    private static string Words(string head) => string.Join(' ', head.Replace("\"", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private Dictionary<string, string> Section(string name)
    {
        if (!_sections.TryGetValue(name, out Dictionary<string, string>? keys))
        {
            _sections.Add(name, keys = new Dictionary<string, string>(StringComparer.Ordinal));
        }

        return keys;
    }
}
