using IotOps.Shadow;

namespace IotOps.Samples.DeviceAgent.Shadow;

/// <summary>
/// What the commands ask of the running agent, one JSON object a line each way:
/// <c>{"shadow":"config","section":"reported","path":"wifi/rssi","value":-61}</c>, answered by <c>{"value":...}</c> or <c>{"error":"..."}</c>.
/// Without a value it reads; without a section it reads the whole document.
/// </summary>
internal static class ShadowRequests
{
    /// <summary>Makes a request.</summary>
    public static ShadowValue Of(string shadow, string? section, string path, ShadowValue? value)
    {
        List<KeyValuePair<string, ShadowValue>> members = [new("shadow", shadow), new("path", path)];
        if (section is not null)
        {
            members.Add(new("section", section));
        }

        if (value is not null)
        {
            members.Add(new("value", value));
        }

        return ShadowValue.FromMembers(members);
    }

    /// <summary>Does what a line asks; what cannot be done is answered, not thrown.</summary>
    public static async Task<ShadowValue> AnswerAsync(ShadowCache cache, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        try
        {
            ShadowValue request = ShadowValue.Parse(line.Span);
            DeviceShadow shadow = cache[request["shadow"]?.GetString() ?? ""];
            string path = request["path"]?.GetString() ?? "";
            if (request["section"] is not { } section)
            {
                return Answer("value", Whole(shadow));
            }

            ShadowView view = section.GetString() == "desired" ? shadow.Desired : shadow.Reported;
            if (request["value"] is not { } value)
            {
                return view[path] is { } found ? Answer("value", found) : Answer("error", $"nothing {section.GetString()} at '{path}'");
            }

            await view.SetAsync(path, value, cancellationToken);
            return Answer("value", value);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or FormatException or ShadowRejectedException
            or System.Text.Json.JsonException)
        {
            return Answer("error", e.Message);
        }
    }

    private static ShadowValue Whole(DeviceShadow shadow)
    {
        List<KeyValuePair<string, ShadowValue>> members =
        [
            new("desired", shadow.Desired.Value),
            new("reported", shadow.Reported.Value),
            new("version", shadow.Version),
        ];
        if (shadow.Pending is { } pending)
        {
            members.Add(new("pending", pending));
        }

        return ShadowValue.FromMembers(members);
    }

    private static ShadowValue Answer(string name, ShadowValue value) => ShadowValue.FromMembers([new(name, value)]);
}
