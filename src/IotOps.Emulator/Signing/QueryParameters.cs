namespace IotOps.Emulator.Signing;

/// <summary>The query of a request, decoded, in the order it came.</summary>
internal sealed class QueryParameters
{
    private readonly List<KeyValuePair<string, string>> _parameters = [];

    /// <summary>Reads a query with or without its question mark.</summary>
    public QueryParameters(string query)
    {
        foreach (string pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? pair : pair[..equals];
            string value = equals < 0 ? "" : pair[(equals + 1)..];
            _parameters.Add(new(UriCoding.Decode(name, plusIsSpace: true), UriCoding.Decode(value, plusIsSpace: true)));
        }
    }

    private QueryParameters(List<KeyValuePair<string, string>> parameters) => _parameters = parameters;

    /// <summary>A parameter's value, empty when it has none; null when the parameter is absent.</summary>
    public string? Find(string name)
    {
        foreach ((string key, string value) in _parameters)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    public IReadOnlyList<KeyValuePair<string, string>> All => _parameters;

    public bool Has(string name) => Find(name) is not null;

    public QueryParameters Without(string name) => new([.. _parameters.Where(p => p.Key != name)]);

    /// <summary>Encoded again and sorted, without the signature itself.</summary>
    public string Canonical() =>
        string.Join('&', _parameters
            .Where(p => p.Key != "X-Amz-Signature")
            .Select(p => (Key: UriCoding.Encode(p.Key), Value: UriCoding.Encode(p.Value)))
            .OrderBy(p => p.Key, StringComparer.Ordinal)
            .ThenBy(p => p.Value, StringComparer.Ordinal)
            .Select(p => $"{p.Key}={p.Value}"));
}
