using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace IotOps.HouseTests;

/// <summary>
/// Every use of one type of an assembly by another, read from its metadata: bases, constraints, attributes, signatures, locals, caught
/// exceptions and each token in a method body. A nested type, and so a lambda or an async method's machine, counts as its outermost type.
/// Constants and <c>nameof</c> leave no trace in it: see <see cref="SourceUses"/>.
/// </summary>
internal sealed class TypeUses
{
    private readonly PEReader _image;
    private readonly MetadataReader _metadata;
    private readonly TypeCollector _used;
    private readonly HashSet<(string User, string Used)> _uses = [];
    private readonly Dictionary<string, IReadOnlySet<string>> _constants = new(StringComparer.Ordinal);

    private TypeUses(PEReader image)
    {
        _image = image;
        _metadata = image.GetMetadataReader();
        _used = new TypeCollector(_metadata);
        foreach (TypeDefinitionHandle handle in _metadata.TypeDefinitions)
        {
            TypeDefinition type = _metadata.GetTypeDefinition(handle);
            string user = OutermostName(handle);
            if (type.GetDeclaringType().IsNil)
            {
                _constants[user] = ConstantsOf(type);
            }

            _used.Clear();
            AddType(type);
            _uses.UnionWith(_used.Types.Select(OutermostName).Where(used => used != user).Select(used => (user, used)));
        }
    }

    /// <summary>Full names of two types, of which the first uses the second.</summary>
    public IReadOnlySet<(string User, string Used)> Uses => _uses;

    /// <summary>Every type that is not nested, by its full name, with its constants; an enumeration's members are such.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Constants => _constants;

    /// <param name="assembly">The path of the compiled assembly.</param>
    public static TypeUses Of(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        return new TypeUses(image);
    }

    private HashSet<string> ConstantsOf(TypeDefinition type) =>
    [
        .. type.GetFields().Select(_metadata.GetFieldDefinition).Where(f => f.Attributes.HasFlag(FieldAttributes.Literal)).Select(f => _metadata.GetString(f.Name)),
    ];

    private string OutermostName(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        return $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name)}";
    }

    private void AddType(TypeDefinition type)
    {
        Add(type.BaseType);
        AddAttributes(type.GetCustomAttributes());
        AddGenerics(type.GetGenericParameters());
        foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
        {
            Add(_metadata.GetInterfaceImplementation(handle).Interface);
        }

        foreach (FieldDefinitionHandle handle in type.GetFields())
        {
            FieldDefinition field = _metadata.GetFieldDefinition(handle);
            field.DecodeSignature(_used, null);
            AddAttributes(field.GetCustomAttributes());
        }

        foreach (PropertyDefinitionHandle handle in type.GetProperties())
        {
            AddAttributes(_metadata.GetPropertyDefinition(handle).GetCustomAttributes());
        }

        foreach (EventDefinitionHandle handle in type.GetEvents())
        {
            AddAttributes(_metadata.GetEventDefinition(handle).GetCustomAttributes());
        }

        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            AddMethod(_metadata.GetMethodDefinition(handle));
        }
    }

    private void AddMethod(MethodDefinition method)
    {
        method.DecodeSignature(_used, null);
        AddAttributes(method.GetCustomAttributes());
        AddGenerics(method.GetGenericParameters());
        foreach (ParameterHandle handle in method.GetParameters())
        {
            AddAttributes(_metadata.GetParameter(handle).GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _image.GetMethodBody(method.RelativeVirtualAddress);
        Add(body.LocalSignature);
        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            Add(region.CatchType);
        }

        foreach (int token in MethodTokens.Of(body.GetILReader()))
        {
            Add(MetadataTokens.EntityHandle(token));
        }
    }

    private void AddGenerics(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle handle in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in _metadata.GetGenericParameter(handle).GetConstraints())
            {
                Add(_metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void AddAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle handle in attributes)
        {
            CustomAttribute attribute = _metadata.GetCustomAttribute(handle);
            Add(attribute.Constructor);

            // Collects the types in typeof(...) arguments.
            attribute.DecodeValue(_used);
        }
    }

    private void Add(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _used.Add((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_used, null);
                break;
            case HandleKind.MethodDefinition:
                _used.Add(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                _used.Add(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Add(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification method = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Add(method.Method);
                method.DecodeSignature(_used, null);
                break;
            case HandleKind.StandaloneSignature:
                AddSignature(_metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle));
                break;
        }
    }

    private void AddSignature(StandaloneSignature signature)
    {
        if (signature.GetKind() == StandaloneSignatureKind.LocalVariables)
        {
            signature.DecodeLocalSignature(_used, null);
        }
        else
        {
            signature.DecodeMethodSignature(_used, null);
        }
    }
}
