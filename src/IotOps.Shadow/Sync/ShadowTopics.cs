namespace IotOps.Shadow.Sync;

/// <summary>
/// The topics of a thing's shadows. Five filters a shadow, never <c>shadow/#</c>: that would bring every document twice, and what the
/// device itself sends. (https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html#reserved-topics-shadow)
/// </summary>
internal sealed class ShadowTopics(string thing)
{
    private static readonly string[] Suffixes = ["get/+", "update/accepted", "update/rejected", "update/delta", "delete/accepted"];

    private readonly string _classic = $"$aws/things/{thing}/shadow/";

    /// <summary>The topic of a request.</summary>
    public string Request(ShadowId id, string operation) => Prefix(id) + operation;

    /// <summary>The filters of one shadow.</summary>
    public string[] Filters(ShadowId id) => WithSuffixes(Prefix(id));

    /// <summary>The filters of all named shadows at once.</summary>
    public string[] FiltersOfAllNamed() => WithSuffixes($"{_classic}name/+/");

    /// <summary>Whose message it is, and which.</summary>
    /// <param name="topic">A topic the broker sent.</param>
    /// <param name="name">The shadow's name; empty for the classic one.</param>
    public MessageKind Parse(string topic, out string name)
    {
        name = "";
        if (!topic.StartsWith(_classic, StringComparison.Ordinal))
        {
            return MessageKind.Other;
        }

        ReadOnlySpan<char> rest = topic.AsSpan(_classic.Length);
        if (rest.StartsWith("name/"))
        {
            rest = rest["name/".Length..];
            int slash = rest.IndexOf('/');
            if (slash <= 0)
            {
                return MessageKind.Other;
            }

            name = rest[..slash].ToString();
            rest = rest[(slash + 1)..];
        }

        return rest switch
        {
            "get/accepted" => MessageKind.GetAccepted,
            "get/rejected" => MessageKind.GetRejected,
            "update/accepted" => MessageKind.UpdateAccepted,
            "update/rejected" => MessageKind.UpdateRejected,
            "update/delta" => MessageKind.Delta,
            "delete/accepted" => MessageKind.DeleteAccepted,
            _ => MessageKind.Other,
        };
    }

    private static string[] WithSuffixes(string prefix)
    {
        string[] filters = new string[Suffixes.Length];
        for (int i = 0; i < filters.Length; i++)
        {
            filters[i] = prefix + Suffixes[i];
        }

        return filters;
    }

    private string Prefix(ShadowId id) => id.IsClassic ? _classic : $"{_classic}name/{id.Name}/";
}
