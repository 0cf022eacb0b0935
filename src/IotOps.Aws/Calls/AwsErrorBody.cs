using System.Net;
using System.Text;
using System.Text.Json;

namespace IotOps.Aws.Calls;

/// <summary>Error code and message of a refusal, in any of the spellings that AWS services use.</summary>
internal readonly record struct AwsErrorBody(string Code, string? Message)
{
    private const int LongestText = 4_000;

    /// <summary>Reads what there is: the header, then JSON or XML, then the bare status.</summary>
    public static AwsErrorBody Read(HttpStatusCode status, string? errorTypeHeader, ReadOnlySpan<byte> body)
    {
        (string? code, string? message) = FirstByte(body) switch
        {
            (byte)'{' => FromJson(body),
            (byte)'<' => FromXml(body),
            _ => (null, null),
        };
        return new AwsErrorBody(Printable(Bare(errorTypeHeader) ?? Bare(code)) ?? FromStatus(status), Printable(message));
    }

    // It ends up in messages and logs, where a line end or an escape of the service's, or of whoever answers for it, must forge nothing.
    private static string? Printable(string? text)
    {
        if (text is null)
        {
            return null;
        }

        ReadOnlySpan<char> kept = text.AsSpan(0, Math.Min(text.Length, LongestText));
        return string.Create(kept.Length, kept, static (characters, kept) =>
        {
            for (int i = 0; i < kept.Length; i++)
            {
                characters[i] = char.IsControl(kept[i]) || kept[i] is '\u2028' or '\u2029' ? ' ' : kept[i];
            }
        });
    }

    // "com.amazonaws.logs#ThrottlingException" and "ThrottlingException:http://internal.amazon.com/..." both occur.
    private static string? Bare(string? code)
    {
        if (string.IsNullOrWhiteSpace(code))
        {
            return null;
        }

        int hash = code.IndexOf('#', StringComparison.Ordinal);
        code = hash < 0 ? code : code[(hash + 1)..];
        int colon = code.IndexOf(':', StringComparison.Ordinal);
        return (colon < 0 ? code : code[..colon]).Trim();
    }

    private static string FromStatus(HttpStatusCode status) => (int)status switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "AccessDenied",
        404 => "NotFound",
        408 => "RequestTimeout",
        409 => "Conflict",
        412 => "PreconditionFailed",
        413 => "RequestEntityTooLarge",
        429 => "TooManyRequests",
        500 => "InternalServerError",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        int other => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Http{other}"),
    };

    private static byte FirstByte(ReadOnlySpan<byte> body)
    {
        body = body.StartsWith(Encoding.UTF8.Preamble) ? body[3..] : body;
        body = body.TrimStart(" \t\r\n"u8);
        return body.IsEmpty ? (byte)0 : body[0];
    }

    private static (string? Code, string? Message) FromJson(ReadOnlySpan<byte> body)
    {
        string? code = null;
        string? message = null;
        var reader = new Utf8JsonReader(body.StartsWith(Encoding.UTF8.Preamble) ? body[3..] : body);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                {
                    reader.Skip();
                }
                else if (name is "__type" or "code" or "Code" or "errorCode")
                {
                    code ??= reader.GetString();
                }
                else if (name is "message" or "Message" or "errorMessage")
                {
                    message ??= reader.GetString();
                }
            }
        }
        catch (JsonException)
        {
            // Cut off or not JSON after all: what was read so far is as good as it gets.
        }

        return (code, message);
    }

    private static (string? Code, string? Message) FromXml(ReadOnlySpan<byte> body)
    {
        string text = Encoding.UTF8.GetString(body);
        return (Element(text, "Code"), Element(text, "Message"));
    }

    // Two elements of a flat document: an XML parser for them would add half a megabyte to a native agent.
    private static string? Element(string xml, string name)
    {
        int start = xml.IndexOf($"<{name}>", StringComparison.Ordinal);
        int end = start < 0 ? -1 : xml.IndexOf($"</{name}>", start, StringComparison.Ordinal);
        return end < 0 ? null : WebUtility.HtmlDecode(xml[(start + name.Length + 2)..end]);
    }
}
