using System.Globalization;
using System.Net;
using System.Security;
using System.Text;

namespace IotOps.Logs.Upload;

/// <summary>The XML around an upload in parts.</summary>
internal static class MultipartXml
{
    public static byte[] Complete(string[] etags)
    {
        var xml = new StringBuilder("""<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">""");
        for (int i = 0; i < etags.Length; i++)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<Part><PartNumber>{i + 1}</PartNumber><ETag>{SecurityElement.Escape(etags[i])}</ETag></Part>");
        }

        return Encoding.UTF8.GetBytes(xml.Append("</CompleteMultipartUpload>").ToString());
    }

    /// <summary>Text of the first element of that name; null when there is none, or the document is cut off before it.</summary>
    public static string? Read(ReadOnlyMemory<byte> xml, string element)
    {
        // A flat answer of a few elements: an XML parser for it would add half a megabyte to a native agent.
        string text = Encoding.UTF8.GetString(xml.Span);
        int start = text.IndexOf($"<{element}>", StringComparison.Ordinal);
        int end = start < 0 ? -1 : text.IndexOf($"</{element}>", start, StringComparison.Ordinal);
        return end < 0 ? null : WebUtility.HtmlDecode(text[(start + element.Length + 2)..end]);
    }
}
