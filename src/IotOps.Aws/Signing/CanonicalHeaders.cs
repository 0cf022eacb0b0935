using System.Buffers;

namespace IotOps.Aws.Signing;

/// <summary>The headers of a canonical request: sorted by name, equal names joined by commas, white space folded.</summary>
internal static class CanonicalHeaders
{
    // A session token has a thousand characters and none of these.
    private static readonly SearchValues<char> WhiteSpace =
        SearchValues.Create([.. Enumerable.Range(char.MinValue, char.MaxValue + 1).Select(code => (char)code).Where(char.IsWhiteSpace)]);

    /// <summary>The request's headers without those that the signer makes itself, lower-cased and in canonical order.</summary>
    public static List<SigningHeader> Collect(IReadOnlyList<KeyValuePair<string, string>> headers, int more)
    {
        var collected = new List<SigningHeader>(headers.Count + more);
        for (int i = 0; i < headers.Count; i++)
        {
            string name = Lower(headers[i].Key);
            if (name is not ("authorization" or "x-amz-date" or "x-amz-security-token" or "x-amz-content-sha256"))
            {
                Add(collected, name, headers[i].Value);
            }
        }

        return collected;
    }

    /// <summary>Inserts behind equal names, so that repeated headers keep the order they are sent in.</summary>
    public static void Add(List<SigningHeader> headers, string lowerName, string value)
    {
        int at = headers.Count;
        while (at > 0 && string.CompareOrdinal(headers[at - 1].Name, lowerName) > 0)
        {
            at--;
        }

        headers.Insert(at, new SigningHeader(lowerName, value));
    }

    public static void AppendTo(ref Utf8Buffer target, List<SigningHeader> headers)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            bool repeats = i > 0 && string.Equals(headers[i - 1].Name, headers[i].Name, StringComparison.Ordinal);
            if (repeats)
            {
                target.Append((byte)',');
            }
            else
            {
                if (i > 0)
                {
                    target.Append((byte)'\n');
                }

                target.Append(headers[i].Name);
                target.Append((byte)':');
            }

            AppendFolded(ref target, headers[i].Value);
        }

        target.Append((byte)'\n');
    }

    public static void AppendNamesTo(ref Utf8Buffer target, List<SigningHeader> headers, ReadOnlySpan<byte> separator)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (i > 0)
            {
                if (string.Equals(headers[i - 1].Name, headers[i].Name, StringComparison.Ordinal))
                {
                    continue;
                }

                target.Append(separator);
            }

            target.Append(headers[i].Name);
        }
    }

    private static void AppendFolded(ref Utf8Buffer target, ReadOnlySpan<char> value)
    {
        bool first = true;
        while (true)
        {
            value = value.TrimStart();
            if (value.IsEmpty)
            {
                return;
            }

            if (!first)
            {
                target.Append((byte)' ');
            }

            first = false;
            int found = value.IndexOfAny(WhiteSpace);
            int end = found < 0 ? value.Length : found;
            target.Append(value[..end]);
            value = value[end..];
        }
    }

    private static string Lower(string name)
    {
        foreach (string known in (ReadOnlySpan<string>)["host", "content-type", "x-amz-target", "content-encoding"])
        {
            if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        return name.ToLowerInvariant();
    }
}
