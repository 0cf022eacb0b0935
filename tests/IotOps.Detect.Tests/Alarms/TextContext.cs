using System.Text.Json.Serialization;

namespace IotOps.Detect.Tests.Alarms;

[JsonSerializable(typeof(string))]
internal sealed partial class TextContext : JsonSerializerContext;
