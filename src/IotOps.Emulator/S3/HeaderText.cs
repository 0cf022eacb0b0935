using System.Text;

namespace IotOps.Emulator.S3;

/// <summary>Text that clients chose, in headers of answers.</summary>
internal static class HeaderText
{
    /// <summary>
    /// Metadata as it stands in a header: what is no ASCII is coded by RFC 2047, as S3 does.
    /// See https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html.
    /// </summary>
    public static string Encode(string value) =>
        Ascii.IsValid(value) ? value : $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}?=";

    /// <summary>The value of a response- parameter.</summary>
    /// <exception cref="Http.Refusal">No header can hold it.</exception>
    public static string Checked(string parameter, string value) =>
        value.All(c => c is '\t' or (>= ' ' and < '\u007f') or (> '\u009f' and <= '\u00ff'))
            ? value
            : throw S3Errors.InvalidArgument(parameter, value, "Header value cannot be represented using ISO-8859-1.");
}
