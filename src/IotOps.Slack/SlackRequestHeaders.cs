namespace IotOps.Slack;

/// <summary>The two headers that Slack signs a request with.</summary>
/// <param name="Timestamp">Value of <c>X-Slack-Request-Timestamp</c>; null when absent.</param>
/// <param name="Signature">Value of <c>X-Slack-Signature</c>; null when absent.</param>
public sealed record SlackRequestHeaders(string? Timestamp, string? Signature)
{
    /// <summary>Name of the header with the time of the request.</summary>
    public const string TimestampName = "X-Slack-Request-Timestamp";

    /// <summary>Name of the header with the signature.</summary>
    public const string SignatureName = "X-Slack-Signature";

    /// <summary>
    /// Finds the two in any case: HTTP/2 and Lambda Function URLs send them in lower case. One that occurs twice counts as absent,
    /// because nobody could say which was meant.
    /// </summary>
    public static SlackRequestHeaders Find(IEnumerable<KeyValuePair<string, string?>> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        string? timestamp = null;
        string? signature = null;
        int timestamps = 0;
        int signatures = 0;
        foreach ((string name, string? value) in headers)
        {
            if (name.Equals(TimestampName, StringComparison.OrdinalIgnoreCase))
            {
                timestamp = value;
                timestamps++;
            }
            else if (name.Equals(SignatureName, StringComparison.OrdinalIgnoreCase))
            {
                signature = value;
                signatures++;
            }
        }

        return new SlackRequestHeaders(timestamps == 1 ? timestamp : null, signatures == 1 ? signature : null);
    }

    /// <summary>Asks for the two by name, such as ASP.NET Core's headers: <c>SlackRequestHeaders.Find(name => request.Headers[name])</c>.</summary>
    /// <param name="header">A header's value, whatever the case of its name; null when it is absent. Values of a header that occurs twice, joined, verify nothing.</param>
    public static SlackRequestHeaders Find(Func<string, string?> header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return new SlackRequestHeaders(header(TimestampName), header(SignatureName));
    }

    /// <summary>Without the signature.</summary>
    public override string ToString() => $"{TimestampName}: {(Timestamp is null ? "absent" : "present")}, {SignatureName}: {(Signature is null ? "absent" : "present")}";
}
