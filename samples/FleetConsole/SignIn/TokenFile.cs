using System.Text.Json;
using System.Text.Json.Nodes;
using IotOps.Samples.Configuration;
using IotOps.Samples.FleetConsole.Frame;

namespace IotOps.Samples.FleetConsole.SignIn;

/// <summary>The file of tokens. It is read again when it changed: a token that is taken out of it ends its sessions too.</summary>
/// <param name="path">The file.</param>
internal sealed class TokenFile(string path)
{
    private readonly Lock _lock = new();
    private (DateTime Written, long Length, IReadOnlyList<TokenRecord> Records)? _read;

    /// <summary>The tokens.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or is not one of tokens.</exception>
    public IReadOnlyList<TokenRecord> Read()
    {
        lock (_lock)
        {
            var file = new FileInfo(path);
            if (_read is { } known && file.Exists && known.Written == file.LastWriteTimeUtc && known.Length == file.Length)
            {
                return known.Records;
            }

            IReadOnlyList<TokenRecord> records = Parse(Text());
            _read = (file.Exists ? file.LastWriteTimeUtc : default, file.Exists ? file.Length : 0, records);
            return records;
        }
    }

    /// <summary>Adds a token and writes the file, which only its owner may read.</summary>
    /// <exception cref="ConfigException">The file is there and is not one of tokens.</exception>
    public void Add(TokenRecord record) => Write([.. File.Exists(path) ? Parse(Text()) : [], record]);

    /// <summary>Takes out the tokens of a name.</summary>
    /// <returns>How many there were.</returns>
    public int Remove(string name)
    {
        IReadOnlyList<TokenRecord> all = Parse(Text());
        TokenRecord[] left = [.. all.Where(record => record.Name != name)];
        Write(left);
        return all.Count - left.Length;
    }

    private string Text()
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{path}: {e.Message} 'FleetConsole token add' makes one.", e);
        }
    }

    private IReadOnlyList<TokenRecord> Parse(string text)
    {
        try
        {
            return [.. JsonNode.Parse(text)!["tokens"]!.AsArray().Select(node => Record(node!))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException or KeyNotFoundException)
        {
            throw new ConfigException($"{path}: this is not a file of tokens, as 'FleetConsole token add' writes it.", e);
        }
    }

    private static TokenRecord Record(JsonNode node)
    {
        string role = (string)node["role"]!;
        return new TokenRecord(
            (string)node["id"]!,
            (string)node["name"]!,
            Roles.IsRole(role) ? role : throw new FormatException($"'{role}' is no role."),
            Convert.FromBase64String((string)node["salt"]!),
            Convert.FromBase64String((string)node["hash"]!),
            (int)node["iterations"]!,
            node["expires"] is { } expires ? DateTimeOffset.Parse((string)expires!, System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    // A file beside it first: a reader finds the old tokens or the new ones, and a full disk costs none of them.
    private void Write(IEnumerable<TokenRecord> records)
    {
        var tokens = new JsonArray([.. records.Select(record => (JsonNode)new JsonObject
        {
            ["id"] = record.Id,
            ["name"] = record.Name,
            ["role"] = record.Role,
            ["salt"] = Convert.ToBase64String(record.Salt),
            ["hash"] = Convert.ToBase64String(record.Hash),
            ["iterations"] = record.Iterations,
            ["expires"] = record.Expires?.ToString("O"),
        })]);
        string beside = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(beside, options))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(new JsonObject { ["tokens"] = tokens }.ToJsonString(new JsonSerializerOptions { WriteIndented = true, TypeInfoResolver = JsonSerializerOptions.Default.TypeInfoResolver }));
            writer.WriteLine();
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }
}
