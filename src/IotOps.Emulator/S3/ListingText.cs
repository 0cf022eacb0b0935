using System.Text;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>Keys and tokens as listings write them.</summary>
internal static class ListingText
{
    private const string TokenMark = "after:";

    /// <summary>
    /// A key, prefix or marker: as it is, or coded when encoding-type asks for that. S3 codes as forms do, with a plus for a space, so that
    /// a client that does not decode the plus takes "a b" for "a+b".
    /// </summary>
    public static string Code(S3Call call, string value) => call.Query.Find("encoding-type") switch
    {
        null => value,
        "url" => UriCoding.Encode(value, keepSlash: true).Replace("%20", "+", StringComparison.Ordinal),
        { } other => throw S3Errors.InvalidArgument("encoding-type", other, "Invalid Encoding Method specified in Request"),
    };

    /// <summary>A continuation token that leads behind a key.</summary>
    public static string EncodeToken(string marker) => Convert.ToBase64String(Encoding.UTF8.GetBytes(TokenMark + marker));

    /// <exception cref="Http.Refusal">It is none of ours.</exception>
    public static string DecodeToken(string token)
    {
        byte[] buffer = new byte[token.Length];
        if (Convert.TryFromBase64String(token, buffer, out int length)
            && Encoding.UTF8.GetString(buffer, 0, length) is var text
            && text.StartsWith(TokenMark, StringComparison.Ordinal))
        {
            return text[TokenMark.Length..];
        }

        throw S3Errors.InvalidArgument("continuation-token", token, "The continuation token provided is incorrect");
    }
}
