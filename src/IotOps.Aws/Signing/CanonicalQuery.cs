using System.Text;

namespace IotOps.Aws.Signing;

/// <summary>The query of a canonical request: every name and value decoded, encoded anew, and sorted as bytes.</summary>
internal static class CanonicalQuery
{
    public static void Append(ref Utf8Buffer target, string query)
    {
        if (query.Length == 0)
        {
            return;
        }

        List<Parameter> parameters = Parse(query);
        parameters.Sort(Parameter.Compare);
        for (int i = 0; i < parameters.Count; i++)
        {
            if (i > 0)
            {
                target.Append((byte)'&');
            }

            target.Append(parameters[i].Name);
            target.Append((byte)'=');
            target.Append(parameters[i].Value);
        }
    }

    private static List<Parameter> Parse(string query)
    {
        var parameters = new List<Parameter>();
        foreach (Range range in query.AsSpan().Split('&'))
        {
            ReadOnlySpan<char> part = query.AsSpan(range);
            if (part.IsEmpty)
            {
                continue;
            }

            int equals = part.IndexOf('=');
            parameters.Add(equals < 0
                ? new Parameter(Canonical(part), string.Empty)
                : new Parameter(Canonical(part[..equals]), Canonical(part[(equals + 1)..])));
        }

        return parameters;
    }

    private static string Canonical(ReadOnlySpan<char> text)
    {
        var utf8 = new Utf8Buffer((text.Length * 3) + 3);
        var decoded = new Utf8Buffer((text.Length * 3) + 3);
        var encoded = new Utf8Buffer((text.Length * 3) + 3);
        try
        {
            utf8.Append(text);
            PercentEncoding.AppendDecoded(ref decoded, utf8.Written);
            PercentEncoding.AppendQuery(ref encoded, decoded.Written);
            return Encoding.ASCII.GetString(encoded.Written);
        }
        finally
        {
            utf8.Dispose();
            decoded.Dispose();
            encoded.Dispose();
        }
    }

    private readonly record struct Parameter(string Name, string Value)
    {
        public static int Compare(Parameter left, Parameter right)
        {
            int byName = string.CompareOrdinal(left.Name, right.Name);
            return byName != 0 ? byName : string.CompareOrdinal(left.Value, right.Value);
        }
    }
}
