using System.Xml.Linq;

namespace IotOps.Emulator.Tests;

/// <summary>What S3 answered.</summary>
internal sealed record S3Reply(int Status, string? Code, XElement? Xml, byte[] Body, string? ETag);
