namespace IotOps.SlackExport.Requests;

/// <summary>A document and the tag that S3 gave this version of it.</summary>
internal sealed record TaggedDocument(byte[] Content, string Tag);
