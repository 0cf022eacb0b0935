using System.Text;
using System.Text.Json;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.Logs;

/// <summary>What <see cref="EmulatorOptions.DataDirectory"/> keeps of CloudWatch Logs: a directory a group, a file a stream.</summary>
internal sealed class LogFiles(string root)
{
    private const string Description = "group.json";

    public void Write(LogGroup group)
    {
        string directory = Directory.CreateDirectory(DirectoryOf(group.Name)).FullName;
        string temporary = Path.Combine(directory, Description + ".new");
        using (FileStream file = File.Create(temporary))
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            json.WriteString("group"u8, group.Name);
            json.WriteNumber("createdAt"u8, group.CreatedAt);
            json.WriteNumber("retentionInDays"u8, group.RetentionInDays ?? 0);
            json.WriteBoolean("isProtected"u8, group.IsProtected);
            json.WriteString("class"u8, group.Settings.Class);
            json.WriteString("kmsKeyId"u8, group.Settings.KmsKeyId);
            json.WriteStartObject("tags"u8);
            foreach ((string key, string value) in group.Tags)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        File.Move(temporary, Path.Combine(directory, Description), overwrite: true);
    }

    public void Delete(string group) => Directory.Delete(DirectoryOf(group), recursive: true);

    public LogFile Create(string group, string stream, long createdAt)
    {
        var file = new LogFile(Path.Combine(DirectoryOf(group), Name(stream) + ".stream"));
        file.Create(stream, createdAt);
        return file;
    }

    /// <summary>The groups of a former run, with their streams.</summary>
    /// <param name="number">Numbers the events of a batch of so many.</param>
    public IEnumerable<LogGroup> Load(Func<int, long> number)
    {
        Directory.CreateDirectory(root);
        foreach (string description in Directory.EnumerateFiles(root, Description, SearchOption.AllDirectories))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(description));
            JsonElement element = document.RootElement;
            var group = new LogGroup(
                element.GetProperty("group").GetString()!, element.GetProperty("createdAt").GetInt64(), SettingsOf(element));
            group.IsProtected = element.TryGetProperty("isProtected", out JsonElement isProtected) && isProtected.GetBoolean();
            if (element.GetProperty("retentionInDays").GetInt32() is > 0 and var days)
            {
                group.RetentionInDays = days;
            }

            foreach (string path in Directory.EnumerateFiles(Path.GetDirectoryName(description)!, "*.stream"))
            {
                if (new LogFile(path).Read(number) is { } stream)
                {
                    group.Streams[stream.Name] = stream;
                }
            }

            yield return group;
        }
    }

    // Groups of an older version have none.
    private static GroupSettings SettingsOf(JsonElement group) => !group.TryGetProperty("class", out JsonElement groupClass) ? GroupSettings.None : new GroupSettings
    {
        Class = groupClass.GetString()!,
        KmsKeyId = group.GetProperty("kmsKeyId").GetString(),
        Tags = group.GetProperty("tags").EnumerateObject().ToDictionary(static t => t.Name, static t => t.Value.GetString()!, StringComparer.Ordinal),
    };

    private string DirectoryOf(string group) => Path.Combine(root, Name(group));

    // Names may be longer than a file name, and hold slashes.
    private static string Name(string name) => Hex.Sha256(Encoding.UTF8.GetBytes(name))[..32];
}
