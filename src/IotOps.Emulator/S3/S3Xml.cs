using System.Xml;
using System.Xml.Linq;

namespace IotOps.Emulator.S3;

/// <summary>Reads XML bodies, which are checked like any other body.</summary>
internal static class S3Xml
{
    // A thousand keys of 1,024 bytes, escaped.
    private const int MaxBytes = 8 << 20;

    private static readonly BlobStore Memory = new(directory: null);

    public static async Task<XElement> ReadAsync(S3Call call, string root)
    {
        if (call.Request.ContentLength > MaxBytes)
        {
            throw S3Errors.MalformedXml();
        }

        ReceivedBody body = await ReceivedBody.ReadAsync(call, Memory).ConfigureAwait(false);
        using var stream = new MemoryStream();
        await body.Blob.CopyToAsync(stream, 0, body.Blob.Length, call.Aborted).ConfigureAwait(false);
        stream.Position = 0;
        try
        {
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CheckCharacters = false });
            XElement element = XElement.Load(reader, LoadOptions.PreserveWhitespace);
            return element.Name.LocalName == root ? element : throw S3Errors.MalformedXml();
        }
        catch (XmlException)
        {
            throw S3Errors.MalformedXml();
        }
    }
}
