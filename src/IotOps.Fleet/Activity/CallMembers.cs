using System.Text.Json;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet.Activity;

/// <summary>What was asked for and what was answered. A name is looked up in the request first: what was created is named in the answer.</summary>
internal sealed class CallMembers(CloudTrailRecord record)
{
    private readonly JsonElement _request = Parse(record.RequestParameters);
    private readonly JsonElement _response = Parse(record.ResponseElements);

    public string? Text(ReadOnlySpan<byte> name) => Members.Text(_request, name) ?? Members.Text(_response, name);

    public JsonElement Object(ReadOnlySpan<byte> name) => Members.Object(_request, name) is { ValueKind: JsonValueKind.Object } found ? found : default;

    public IReadOnlyList<JsonElement> List(ReadOnlySpan<byte> name) =>
        Members.Object(_request, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    private static JsonElement Parse(ReadOnlyMemory<byte> json) => json.IsEmpty ? default : JsonElement.Parse(json.Span);
}
