using System.Runtime.CompilerServices;
using System.Text.Json;
using IotOps.Fleet;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>A bucket that a case of the filter brings along: <c>{"KEY":{"b64":"...","metadata":{...}}}</c>.</summary>
internal sealed class CaseObjects : ITrailObjects
{
    private const string Root = "AWSLogs/";

    private readonly SortedDictionary<string, JsonElement> _objects = new(StringComparer.Ordinal);

    public CaseObjects(JsonElement objects)
    {
        foreach (JsonProperty member in objects.EnumerateObject())
        {
            _objects[member.Name] = member.Value;
        }
    }

    /// <summary>What comes before AWSLogs/ in the keys.</summary>
    public IReadOnlyList<string> Prefixes =>
        [.. _objects.Keys.Where(key => key.Contains(Root, StringComparison.Ordinal)).Select(key => key[..key.IndexOf(Root, StringComparison.Ordinal)]).Distinct(StringComparer.Ordinal)];

    public async IAsyncEnumerable<TrailObjectInfo> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (string key in _objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            await Task.CompletedTask;
            yield return new TrailObjectInfo(key, null);
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? last = null;
        foreach (string key in _objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            int slash = key.IndexOf('/', prefix.Length);
            if (slash > 0 && key[..(slash + 1)] is var folder && folder != last)
            {
                last = folder;
                await Task.CompletedTask;
                yield return folder;
            }
        }
    }

    public Task<TrailObject?> OpenAsync(string bucket, string key, CancellationToken cancellationToken = default)
    {
        if (!_objects.TryGetValue(key, out JsonElement found))
        {
            return Task.FromResult<TrailObject?>(null);
        }

        Dictionary<string, string> metadata = found.TryGetProperty("metadata"u8, out JsonElement members)
            ? members.EnumerateObject().ToDictionary(member => member.Name.ToLowerInvariant(), member => member.Value.GetString() ?? "", StringComparer.Ordinal)
            : [];
        return Task.FromResult<TrailObject?>(new TrailObject(new MemoryStream(found.GetProperty("b64"u8).GetBytesFromBase64()), metadata));
    }
}
