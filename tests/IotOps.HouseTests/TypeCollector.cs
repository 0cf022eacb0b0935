using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace IotOps.HouseTests;

/// <summary>
/// Collects the types of an assembly that a signature or an attribute's arguments name. Its "types" are their full names, which only
/// the decoding of <c>typeof</c> arguments needs; what was met is in <see cref="Types"/>.
/// </summary>
internal sealed class TypeCollector(MetadataReader metadata) : ISignatureTypeProvider<string, object?>, ICustomAttributeTypeProvider<string>
{
    private readonly HashSet<TypeDefinitionHandle> _types = [];
    private readonly Dictionary<string, TypeDefinitionHandle> _byName = metadata.TypeDefinitions
        .Where(handle => metadata.GetTypeDefinition(handle).GetDeclaringType().IsNil)
        .ToDictionary(handle => FullName(metadata, handle), StringComparer.Ordinal);

    public IReadOnlyCollection<TypeDefinitionHandle> Types => _types;

    public void Clear() => _types.Clear();

    public void Add(TypeDefinitionHandle type) => _types.Add(type);

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        _types.Add(handle);
        return FullName(reader, handle);
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        TypeReference type = reader.GetTypeReference(handle);
        return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    // "Outer+Nested, Assembly": an attribute names its typeof arguments in text.
    public string GetTypeFromSerializedName(string name)
    {
        foreach (string part in name.Split(',', '[', ']', '+'))
        {
            if (_byName.TryGetValue(part.Trim(), out TypeDefinitionHandle type))
            {
                _types.Add(type);
            }
        }

        return name;
    }

    public string GetSystemType() => "System.Type";

    public bool IsSystemType(string type) => type == "System.Type";

    // The size only matters where an attribute takes an enumeration; those of the framework are all of this one but a few.
    public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetArrayType(string elementType, ArrayShape shape) => elementType;

    public string GetSZArrayType(string elementType) => elementType;

    public string GetByReferenceType(string elementType) => elementType;

    public string GetPointerType(string elementType) => elementType;

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => signature.ReturnType;

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

    public string GetGenericMethodParameter(object? genericContext, int index) => "";

    public string GetGenericTypeParameter(object? genericContext, int index) => "";

    private static string FullName(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }
}
