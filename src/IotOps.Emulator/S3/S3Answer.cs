using System.Text;
using System.Xml;
using IotOps.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.S3;

/// <summary>Writes answers of S3.</summary>
internal static class S3Answer
{
    public const string Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    public static Task WriteEmptyAsync(S3Call call, int status)
    {
        if (call.LetThrough <= 0)
        {
            call.Context.Abort();
            return Task.CompletedTask;
        }

        call.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public static Task WriteXmlAsync(S3Call call, string root, Action<XmlWriter> write) =>
        WriteXmlAsync(call.Context, 200, root, Namespace, write, call.LetThrough);

    public static Task WriteErrorAsync(HttpContext context, Refusal refusal)
    {
        // A HEAD has no body to explain itself in.
        if (HttpMethods.IsHead(context.Request.Method) || refusal.Status == 304)
        {
            context.Response.StatusCode = refusal.Status;
            return Task.CompletedTask;
        }

        return WriteXmlAsync(
            context,
            refusal.Status,
            "Error",
            null,
            xml =>
            {
                xml.WriteElementString("Code", refusal.Code);
                xml.WriteElementString("Message", refusal.Message);
                foreach ((string name, string value) in refusal.Details)
                {
                    xml.WriteElementString(name, value);
                }

                xml.WriteElementString("Resource", context.Request.Path);
                xml.WriteElementString("RequestId", context.Response.Headers["x-amz-request-id"].ToString());
            },
            long.MaxValue);
    }

    private static async Task WriteXmlAsync(
        HttpContext context, int status, string root, string? xmlNamespace, Action<XmlWriter> write, long letThrough)
    {
        if (letThrough <= 0)
        {
            context.Abort();
            return;
        }

        // Checked characters would refuse keys that S3 accepts; S3 writes them as they are.
        using var body = new MemoryStream();
        using (var xml = XmlWriter.Create(body, new XmlWriterSettings { Encoding = new UTF8Encoding(false), CheckCharacters = false }))
        {
            xml.WriteStartElement(root, xmlNamespace);
            write(xml);
            xml.WriteEndElement();
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        context.Response.ContentLength = body.Length;
        int count = (int)Math.Min(letThrough, body.Length);
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, count), context.RequestAborted).ConfigureAwait(false);
        if (count < body.Length)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            context.Abort();
        }
    }
}
