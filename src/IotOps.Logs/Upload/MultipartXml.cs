using System.Globalization;
using System.Security;
using System.Text;
using System.Xml;

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
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        using var reader = XmlReader.Create(new MemoryStream(xml.ToArray()), settings);
        try
        {
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element && string.Equals(reader.LocalName, element, StringComparison.Ordinal))
                {
                    return reader.ReadElementContentAsString();
                }
            }
        }
        catch (XmlException)
        {
            // Nothing usable came before the break either.
        }

        return null;
    }
}
