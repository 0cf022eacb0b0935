using System.Text.Json.Serialization;

namespace IotOps.InteropTests.Archive;

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class InteropJson : JsonSerializerContext;
