using System.Text;
using System.Xml;
using IotOps.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Sts;

/// <summary>Writes answers of the AWS query protocol.</summary>
internal static class StsAnswer
{
    private const string Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    public static Task WriteAsync(HttpContext context, string operation, Action<XmlWriter> result, long letThrough) =>
        WriteAsync(context, 200, operation + "Response", xml =>
        {
            xml.WriteStartElement(operation + "Result");
            result(xml);
            xml.WriteEndElement();
            xml.WriteStartElement("ResponseMetadata");
            xml.WriteElementString("RequestId", RequestId(context));
            xml.WriteEndElement();
        }, letThrough);

    public static Task WriteAsync(HttpContext context, Refusal refusal) =>
        WriteAsync(context, refusal.Status, "ErrorResponse", xml =>
        {
            xml.WriteStartElement("Error");
            xml.WriteElementString("Type", refusal.Status < 500 ? "Sender" : "Receiver");
            xml.WriteElementString("Code", refusal.Code);
            xml.WriteElementString("Message", refusal.Message);
            xml.WriteEndElement();
            xml.WriteElementString("RequestId", RequestId(context));
        }, long.MaxValue);

    private static string RequestId(HttpContext context) => context.Response.Headers["x-amzn-RequestId"].ToString();

    private static async Task WriteAsync(HttpContext context, int status, string root, Action<XmlWriter> write, long letThrough)
    {
        using var body = new MemoryStream();
        using (var xml = XmlWriter.Create(body, new XmlWriterSettings { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement(root, Namespace);
            write(xml);
            xml.WriteEndElement();
        }

        await Http.JsonAnswer.WriteAsync(context, status, body.GetBuffer().AsMemory(0, (int)body.Length), letThrough, "text/xml").ConfigureAwait(false);
    }
}
